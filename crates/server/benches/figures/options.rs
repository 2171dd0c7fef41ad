//! How much is measured.

/// Options of one comparison.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// So little that only the machinery is proven.
    pub(crate) quick: bool,
    /// Turns of each side.
    pub(crate) rounds: usize,
    /// Length of the soak, in seconds.
    pub(crate) seconds: u64,
    /// Requests a second of the soak, on each engine.
    pub(crate) rate: u64,
    /// Only this engine (`sqlite`, `postgres`).
    pub(crate) engine: Option<String>,
}

impl Options {
    /// Reads the name of the comparison and its options.
    ///
    /// # Errors
    /// A text for people.
    pub(crate) fn read(arguments: &[String]) -> Result<(String, Options), String> {
        let mut name = String::new();
        let quick = arguments.iter().any(|argument| argument == "--quick");
        let mut options = Options {
            quick,
            rounds: if quick { 2 } else { 5 },
            seconds: if quick { 8 } else { 60 },
            rate: 400,
            engine: None,
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let value = arguments.next();
                let value = value.and_then(|value| value.parse::<u64>().ok());
                value.ok_or_else(|| format!("`{argument}` needs a number"))
            };
            match argument.as_str() {
                // `cargo bench` and `cargo test` say which of them runs this.
                "--quick" | "--bench" | "--test" => {}
                "--rounds" => options.rounds = number()?.max(1) as usize,
                "--seconds" => options.seconds = number()?.max(1),
                "--rate" => options.rate = number()?.max(1),
                "--engine" => options.engine = arguments.next().cloned(),
                option if option.starts_with("--") => {
                    return Err(format!("there is no option `{option}`"));
                }
                other => name = other.to_owned(),
            }
        }
        Ok((name, options))
    }

    /// `full`, or `quick` under that option.
    pub(crate) fn pick<T>(&self, full: T, quick: T) -> T {
        if self.quick { quick } else { full }
    }

    /// Whether the engine takes part.
    pub(crate) fn includes(&self, engine: &str) -> bool {
        self.engine.as_deref().is_none_or(|only| only == engine)
    }
}
