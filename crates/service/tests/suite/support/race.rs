//! Two requests at the same moment: whatever the interleaving, the outcome equals one of the two
//! orders.

use super::{Answer, App};

/// Parallel rounds per race, after one in each order.
pub const ROUNDS: usize = 60;

/// Status and, if refused, code.
pub type Outcome = (u16, String);

/// The outcomes of the one and of the other request.
pub type Outcomes = (Outcome, Outcome);

pub fn ok(status: u16) -> Outcome {
    (status, String::new())
}

pub fn refused(status: u16, code: &str) -> Outcome {
    (status, code.into())
}

fn outcome(answer: &Answer) -> Outcome {
    let code = answer.body["error"]["code"].as_str().unwrap_or_default();
    (answer.status.as_u16(), code.into())
}

/// A race of one request against another.
pub struct Race {
    /// What the two answer when the one comes first.
    pub one_first: Outcomes,
    /// And when the other comes first.
    pub other_first: Outcomes,
}

impl Race {
    /// Runs the race: once in each order to prove the outcomes, then in parallel, half of the
    /// rounds through two servers. `prepare` makes what a round needs; `check` is told what the two
    /// answered and looks at what they left behind.
    pub async fn run<T>(
        self,
        app: &App,
        prepare: impl AsyncFn(usize) -> T,
        one: impl AsyncFn(&App, &T) -> Answer,
        other: impl AsyncFn(&App, &T) -> Answer,
        check: impl AsyncFn(&T, &Answer, &Answer),
    ) {
        let beside = app.beside().await;
        for round in 0..ROUNDS + 2 {
            let with = prepare(round).await;
            // In pairs, so that each server sees both orders.
            let second = if round % 4 < 2 { &beside } else { app };
            let (first, then) = match round {
                0 => {
                    let first = one(app, &with).await;
                    (first, other(second, &with).await)
                }
                1 => {
                    let then = other(second, &with).await;
                    (one(app, &with).await, then)
                }
                // Whoever is named first is sent first, which does not mean that it arrives first.
                _ if round % 2 == 0 => tokio::join!(one(app, &with), other(second, &with)),
                _ => {
                    let (then, first) = tokio::join!(other(second, &with), one(app, &with));
                    (first, then)
                }
            };
            let found = (outcome(&first), outcome(&then));
            match round {
                0 => assert_eq!(found, self.one_first, "the one first"),
                1 => assert_eq!(found, self.other_first, "the other first"),
                _ => assert!(
                    found == self.one_first || found == self.other_first,
                    "round {round}: {found:?} is neither {:?} nor {:?}",
                    self.one_first,
                    self.other_first
                ),
            }
            check(&with, &first, &then).await;
        }
        beside.finish().await;
    }
}
