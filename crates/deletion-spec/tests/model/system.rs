//! Processes over one database, as a model for the checker.

use deletion_spec::{Answer, Code, Status};
use stateright::{Model, Property};

use crate::program::{Fault, Flow, Program};
use crate::request::{Request, World};
use crate::tables::{GIVEN, PROCESSES, Rows, Tables};
use crate::transaction::{Access, Engine, Interrupt, Transaction};

/// A situation, and what is asked in it at the same time.
#[derive(Debug, Clone)]
pub struct Case {
    pub start: Tables,
    pub requests: Vec<Request>,
}

/// The system to be checked, for many cases at once.
#[derive(Debug, Clone)]
pub struct System {
    pub engine: Engine,
    pub fault: Fault,
    /// Whether one process may die, at any moment.
    pub crashes: bool,
    pub cases: Vec<Case>,
}

/// What every process and the database are at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct State {
    /// Which case.
    case: u32,
    /// What is committed.
    committed: Tables,
    processes: [Process; PROCESSES],
    /// Whether one has died.
    crashed: bool,
}

impl State {
    pub fn case(&self) -> usize {
        self.case as usize
    }
}

/// One request and how far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Process {
    /// There is no such request in this case.
    Absent,
    /// Not sent yet.
    Idle,
    Running {
        /// Requests that were answered before this one was sent, as bits.
        after: u8,
        /// The first statement of the transaction, to which a conflict leads back.
        from: u8,
        /// The next statement.
        at: u8,
        /// None until its first statement begins.
        transaction: Option<Transaction>,
    },
    Answered {
        after: u8,
        /// None when the process died before it could tell.
        answer: Option<Answer>,
    },
}

/// One step of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The next statement of a request.
    Step(usize),
    /// The server that runs it dies; the database rolls it back.
    Crash(usize),
    /// It dies after the commit, before the answer is sent.
    CrashUnheard(usize),
}

pub const INVARIANT: &str = "an inactive customer has nothing open";
pub const COUNTERS: &str = "counters equal the rows";
pub const EVENTS: &str = "one event for each change of status";
pub const SERIAL: &str = "answers and data equal one order of the requests";
pub const CATALOGUE: &str = "what is in an open order is on offer";
pub const PROGRESS: &str = "something can always go on";

impl Model for System {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let cases = self.cases.iter().enumerate();
        cases
            .map(|(index, case)| {
                let mut processes = [Process::Absent; PROCESSES];
                processes[..case.requests.len()].fill(Process::Idle);
                State {
                    case: u32::try_from(index).expect("fewer cases"),
                    committed: case.start,
                    processes,
                    crashed: false,
                }
            })
            .collect()
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for (index, process) in state.processes.iter().enumerate() {
            match process {
                Process::Absent | Process::Answered { .. } => {}
                Process::Idle => actions.push(Action::Step(index)),
                Process::Running { .. } => {
                    actions.push(Action::Step(index));
                    if self.crashes && !state.crashed {
                        actions.push(Action::Crash(index));
                        actions.push(Action::CrashUnheard(index));
                    }
                }
            }
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut next = state.clone();
        match action {
            Action::Step(index) => self.step(&mut next, index)?,
            Action::Crash(index) => {
                let Process::Running { after, .. } = state.processes[index] else {
                    return None;
                };
                let mut answer = None;
                if self.fault == Fault::AcknowledgedEarly {
                    answer = self.commits(state, index);
                }
                next.processes[index] = Process::Answered { after, answer };
                next.crashed = true;
            }
            Action::CrashUnheard(index) => {
                self.commits(state, index)?;
                self.step(&mut next, index)?;
                match &mut next.processes[index] {
                    Process::Answered { answer, .. } => *answer = None,
                    Process::Running { after, .. } => {
                        let (after, answer) = (*after, None);
                        next.processes[index] = Process::Answered { after, answer };
                    }
                    Process::Absent | Process::Idle => return None,
                }
                next.crashed = true;
            }
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<System>> {
        vec![
            Property::always(INVARIANT, |_, state: &State| {
                let rows = state.committed.meaning();
                rows.status != Some(Status::Inactive)
                    || (rows.open_orders(), rows.active_subscriptions()) == (0, 0)
                        && rows.devices_out() == 0
            }),
            Property::always(COUNTERS, |_, state: &State| {
                let row = state.committed.customer;
                let kept = (row.open_orders, row.active_subscriptions, row.devices_out);
                kept == state.committed.counted()
            }),
            Property::always(EVENTS, |_, state: &State| {
                let appended = state.committed.appended;
                let inactive = state.committed.customer.status == Some(Status::Inactive);
                appended.deactivated == appended.reactivated + u8::from(inactive)
            }),
            Property::always(CATALOGUE, |_, state: &State| {
                World::of(&state.committed).offers_what_is_ordered()
            }),
            Property::always(SERIAL, System::is_serial),
            Property::always(PROGRESS, System::goes_on),
        ]
    }
}

impl System {
    fn program(&self, state: &State, index: usize) -> Program {
        Program {
            engine: self.engine,
            fault: self.fault,
            request: self.cases[state.case as usize].requests[index],
            fresh: fresh(index),
        }
    }

    /// Runs one step of a process; none if it has to wait.
    fn step(&self, state: &mut State, index: usize) -> Option<()> {
        let program = self.program(state, index);
        let process = state.processes[index];
        let (after, from, at, transaction) = match process {
            Process::Idle => (answered(state), 1, 1, None),
            Process::Running {
                after,
                from,
                at,
                transaction,
            } => (after, from, at, transaction),
            Process::Absent | Process::Answered { .. } => return None,
        };
        let running = |from, at, transaction| Process::Running {
            after,
            from,
            at,
            transaction,
        };
        let Some(mut transaction) = transaction else {
            let writes = !program.request.is_read();
            if self.engine == Engine::Serial && writes && self.is_busy(state) {
                return None;
            }
            let (tenant, others) = (program.tenant_lock(from), locked(state, index));
            let begun = Transaction::begin(&state.committed, tenant, others)?;
            state.processes[index] = running(from, at, Some(begun));
            return Some(());
        };
        let mut access = Access {
            engine: self.engine,
            committed: &state.committed,
            locked: locked(state, index),
            checked: self.fault != Fault::DeleteUnchecked,
            transaction: &mut transaction,
        };
        let flow = match program.step(at, &mut access) {
            Ok(flow) => flow,
            Err(Interrupt::Blocked) => return None,
            Err(Interrupt::Conflict) => {
                state.processes[index] = running(from, from, None);
                return Some(());
            }
            Err(Interrupt::Constraint) => Flow::Refuse(Answer::Refused(Code::InternalError)),
        };
        let answered = |answer| Process::Answered {
            after,
            answer: Some(answer),
        };
        state.processes[index] = match flow {
            Flow::Next => running(from, at + 1, Some(transaction)),
            Flow::Go(at) => running(from, at, Some(transaction)),
            Flow::Refuse(answer) => answered(answer),
            Flow::Commit(answer) => {
                transaction.commit(&mut state.committed);
                answered(answer)
            }
            Flow::Another(at) => {
                transaction.commit(&mut state.committed);
                running(at, at, None)
            }
        };
        Some(())
    }

    /// What the request answers if its next statement commits.
    fn commits(&self, state: &State, index: usize) -> Option<Answer> {
        let program = self.program(state, index);
        let Process::Running {
            at,
            transaction: Some(mut transaction),
            ..
        } = state.processes[index]
        else {
            return None;
        };
        let mut access = Access {
            engine: self.engine,
            committed: &state.committed,
            locked: locked(state, index),
            checked: self.fault != Fault::DeleteUnchecked,
            transaction: &mut transaction,
        };
        match program.step(at, &mut access) {
            Ok(Flow::Commit(answer)) => Some(answer),
            // To be heard of later.
            Ok(Flow::Another(_)) => Some(Answer::Done),
            _ => None,
        }
    }

    /// Once all have answered: there is an order of the requests, in keeping with what was
    /// answered before what was sent, in which the specification gives the same answers and leaves
    /// the same data. What died may have happened or not.
    fn is_serial(&self, state: &State) -> bool {
        let case = &self.cases[state.case as usize];
        let mut outcomes = Vec::new();
        for (index, request) in case.requests.iter().enumerate() {
            let Process::Answered { after, answer } = state.processes[index] else {
                return true;
            };
            outcomes.push((*request, after, answer));
        }
        let found = World::of(&state.committed);
        is_reachable(&World::of(&case.start), &found, &outcomes, 0)
    }

    /// Whether anybody is writing.
    fn is_busy(&self, state: &State) -> bool {
        let requests = &self.cases[state.case as usize].requests;
        let mut processes = requests.iter().zip(&state.processes);
        processes.any(|(request, process)| {
            let Process::Running { transaction, .. } = process else {
                return false;
            };
            transaction.is_some() && !request.is_read()
        })
    }

    fn goes_on(&self, state: &State) -> bool {
        let mut waiting = 0;
        for (index, process) in state.processes.iter().enumerate() {
            match process {
                Process::Absent | Process::Answered { .. } => {}
                Process::Idle | Process::Running { .. } => {
                    if self.step(&mut state.clone(), index).is_some() {
                        return true;
                    }
                    waiting += 1;
                }
            }
        }
        waiting == 0
    }
}

/// Names what a process makes.
pub fn fresh(index: usize) -> u32 {
    u32::try_from(GIVEN + index).expect("a handful")
}

fn is_reachable(
    from: &World,
    to: &World,
    outcomes: &[(Request, u8, Option<Answer>)],
    done: u8,
) -> bool {
    let rest = || (0..outcomes.len()).filter(|index| done & (1 << index) == 0);
    if from == to && rest().all(|index| outcomes[index].2.is_none()) {
        return true;
    }
    rest().any(|index| {
        let (request, after, answer) = outcomes[index];
        // Whatever was answered before this one was sent comes first.
        let earlier = after & !done;
        let heard = |other: usize| earlier & (1 << other) != 0 && outcomes[other].2.is_some();
        if (0..outcomes.len()).any(heard) {
            return false;
        }
        let mut next = from.clone();
        let given = next.apply(request, fresh(index));
        answer.is_none_or(|answer| answer == given)
            && is_reachable(&next, to, outcomes, done | (1 << index))
    })
}

/// Requests that have been answered, as bits.
fn answered(state: &State) -> u8 {
    let processes = state.processes.iter().enumerate();
    processes
        .filter(|(_, process)| matches!(process, Process::Answered { .. }))
        .map(|(index, _)| 1 << index)
        .sum()
}

/// What the others have locked.
fn locked(state: &State, index: usize) -> Rows {
    let mut rows = Rows::NONE;
    for (other, process) in state.processes.iter().enumerate() {
        if let Process::Running {
            transaction: Some(transaction),
            ..
        } = process
            && other != index
        {
            rows.add(transaction.locks);
        }
    }
    rows
}
