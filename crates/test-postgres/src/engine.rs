//! What a suite of tests runs on. A suite is compiled once: its program runs itself again for each further
//! engine.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// What a suite runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file for each test.
    Sqlite,
    /// A database for each test, in the one cluster of the process.
    Postgres,
    /// The same behind the one pooler of the process, which gives every transaction another session.
    Pooler,
}

/// Names the engine of a test program; SQLite unless it does.
const VARIABLE: &str = "FLEXPORTAL_TEST_ENGINE";

impl Engine {
    const ALL: [Engine; 3] = [Engine::Sqlite, Engine::Postgres, Engine::Pooler];

    fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
            Engine::Pooler => "pooler",
        }
    }

    /// The engine of this process.
    ///
    /// # Panics
    /// When `FLEXPORTAL_TEST_ENGINE` names none.
    pub fn current() -> Engine {
        named().unwrap_or(Engine::Sqlite)
    }

    /// Runs the tests of this program whose names begin with `suite::` on this engine, unless the
    /// environment already names the one that is to be tested.
    ///
    /// # Panics
    /// When a test fails, with what the run printed.
    pub fn runs_the_suite(self) {
        self.runs_the_suite_without(&[]);
    }

    /// As [`Engine::runs_the_suite`], without the tests whose names contain one of `skipped`.
    ///
    /// # Panics
    /// When a test fails, with what the run printed.
    pub fn runs_the_suite_without(self, skipped: &[&str]) {
        if named().is_some() {
            return;
        }
        let program = std::env::current_exe().expect("this program has a path");
        let mut command = Command::new(program);
        // What is not installed, it says on its standard error.
        command
            .args(["--quiet", "suite::"])
            .args(skipped.iter().flat_map(|it| ["--skip", it]))
            .env(VARIABLE, self.name())
            .stdin(Stdio::null())
            .stderr(Stdio::inherit());
        let output = command.output().expect("this program can be run again");
        let printed = String::from_utf8_lossy(&output.stdout);
        let name = self.name();
        assert!(output.status.success(), "on {name}:\n{printed}");
        if let Some(result) = printed.lines().find(|line| line.contains("test result:")) {
            // Past the capture of the test harness, which shows nothing of a test that passes.
            drop(writeln!(std::io::stderr(), "on {name}: {result}"));
        }
    }
}

fn named() -> Option<Engine> {
    let name = std::env::var(VARIABLE).ok()?;
    let engine = Engine::ALL.into_iter().find(|it| it.name() == name);
    Some(engine.unwrap_or_else(|| {
        panic!("{VARIABLE}={name} names no engine: it is sqlite, postgres or pooler")
    }))
}
