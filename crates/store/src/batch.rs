//! Changes that PostgreSQL makes together, because many at once are much faster than one after the other: those that
//! wait for a connection become one transaction.

use std::any::{Any, TypeId};

use tokio::sync::oneshot;

use crate::job::{Job, Ran, caught};
use crate::{Error, Tx};

/// A change that is made together with others of its kind and tenant. Whatever is not made that way, a transaction
/// of its own has to look at: what is refused, unknown, or waits for somebody else.
pub trait Grouped: Sized + Send + 'static {
    /// What came of a change.
    type Made: Send + 'static;

    /// Makes those of `all`, in their order, that can be made without waiting for anybody: for each what came of
    /// it, or `None` if nothing did. It can run more than once. After an error, nothing was made of any.
    ///
    /// On SQLite each is made alone, and undone only together with its neighbours in the commit: there it does
    /// nothing when it refuses, and fails only when the engine does.
    ///
    /// # Errors
    /// Engine failures, or a value that the engine does not take.
    fn make(tx: &mut Tx<'_>, all: &[&Self]) -> Result<Vec<Option<Self::Made>>, Error>;
}

/// Changes of one kind and tenant on their way to a thread and back.
pub(crate) struct Group<C: Grouped> {
    members: Vec<Member<C>>,
    made: Result<Vec<Option<C::Made>>, Error>,
}

struct Member<C: Grouped> {
    change: C,
    reply: oneshot::Sender<Result<Option<C::Made>, Error>>,
}

/// Where the caller of a change hears what came of it.
pub(crate) type Answer<C> = oneshot::Receiver<Result<Option<<C as Grouped>::Made>, Error>>;

impl<C: Grouped> Group<C> {
    /// A group of one, which others can join.
    pub(crate) fn of(change: C) -> (Self, Answer<C>) {
        let (reply, receiver) = oneshot::channel();
        let group = Self {
            members: vec![Member { change, reply }],
            made: Ok(Vec::new()),
        };
        (group, receiver)
    }
}

impl<C: Grouped> Job for Group<C> {
    fn run(&mut self, tx: &mut Tx<'_>) -> Ran {
        let all: Vec<&C> = self.members.iter().map(|it| &it.change).collect();
        let (ran, made) = caught(|| C::make(tx, &all));
        self.made = made;
        ran
    }

    fn is_abandoned(&self) -> bool {
        self.members.iter().all(|it| it.reply.is_closed())
    }

    fn answer(self: Box<Self>, outcome: Result<(), Error>) {
        let made = match (outcome, self.made) {
            (Ok(()), Ok(made)) => Ok(made),
            // Maybe because of one of them: each is tried in its own way.
            (Ok(()), Err(error)) if concerns_one(&error) => Ok(Vec::new()),
            (Err(error), Ok(_)) if is_of_a_value(&error) => Ok(Vec::new()),
            (Err(error), _) | (Ok(()), Err(error)) => Err(error),
        };
        let mut made = made.map(Vec::into_iter);
        for Member { reply, .. } in self.members {
            let answer = match &mut made {
                Ok(made) => Ok(made.next().flatten()),
                Err(error) => Err(error.clone()),
            };
            // The caller may have gone away; the change stands either way.
            let _ = reply.send(answer);
        }
    }

    fn kind(&self) -> Option<TypeId> {
        Some(TypeId::of::<C>())
    }

    fn join(&mut self, other: Box<dyn Job>) {
        let other: Box<dyn Any> = other;
        if let Ok(other) = other.downcast::<Self>() {
            self.members.extend(other.members);
        }
    }

    fn count(&self) -> usize {
        let made = self.made.as_deref().unwrap_or_default();
        made.iter().flatten().count()
    }
}

/// Whether a group may have failed because of one of its members.
fn concerns_one(error: &Error) -> bool {
    !matches!(error, Error::OutcomeUnknown(_) | Error::Late)
}

/// Whether it was not committed because of a value of a statement that was posted.
fn is_of_a_value(error: &Error) -> bool {
    matches!(
        error,
        Error::Duplicate(_) | Error::Constraint(_) | Error::Reference(_) | Error::Statement(_)
    )
}
