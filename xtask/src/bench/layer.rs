//! The bench of `crates/api`, whose lines are read as they are printed for people.

use super::plan::Plan;
use super::taken::Taken;
use super::{output, read_lines};
use crate::workspace::cargo;

/// Runs it.
///
/// # Errors
/// It cannot be run.
pub(super) fn take(plan: &Plan) -> Result<Taken, String> {
    let text = output(cargo(&["bench", "-q", "-p", "api", "--bench", "layer"]))?;
    let mut taken = read_lines(&output(plan.figures("machine"))?)?;
    for line in text.lines() {
        let _ = read(line, &mut taken);
    }
    Ok(taken)
}

/// Reads `CASE: NUMBER UNIT generated, NUMBER [UNIT] by hand; …`; other lines say nothing.
fn read(line: &str, taken: &mut Taken) -> Option<()> {
    let (case, rest) = line.split_once(": ")?;
    let (both, _) = rest.split_once(';')?;
    let (generated, hand) = both.split_once(", ")?;
    let mut words = generated.split(' ');
    let number = words.next()?.parse().ok()?;
    let unit = words.next()?;
    let by_hand = hand.split(' ').next()?.parse().ok()?;
    taken.add(&format!("{case}-generated"), unit, number);
    taken.add(&format!("{case}-hand"), unit, by_hand);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_a_line_are_read() {
        let mut taken = Taken::default();
        for line in [
            "deleteCustomer: 1534 ns generated, 1490 ns by hand; requests/s 0.971 times",
            "deleteCustomer: 9000 instructions generated, 8900 by hand; 1.011 times",
            "deleteCustomer: instructions not counted; install valgrind",
        ] {
            let _ = read(line, &mut taken);
        }
        let of = |side: &str, figure: &str| taken.sides[side].get(figure).cloned();
        assert_eq!(of("deleteCustomer-generated", "ns"), Some(vec![1534.0]));
        assert_eq!(of("deleteCustomer-hand", "ns"), Some(vec![1490.0]));
        assert_eq!(
            of("deleteCustomer-generated", "instructions"),
            Some(vec![9000.0])
        );
        assert_eq!(
            of("deleteCustomer-hand", "instructions"),
            Some(vec![8900.0])
        );
    }
}
