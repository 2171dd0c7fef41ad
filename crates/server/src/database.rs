//! The database that a command works on: its URL, what may be shown of it, and opening it.

use std::path::{Path, PathBuf};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use store::Store;

use crate::cli::Database;
use crate::{advice, table};

/// What stands for everything that is not shown.
const HIDDEN: &str = "…";

/// Settings of a URL whose values anybody may read.
const OPEN_SETTINGS: [&str; 5] = [
    "sslmode",
    "sslrootcert",
    "target_session_attrs",
    "application_name",
    "pooler",
];

/// Opens the database of an administration command. One that is not there is an error.
pub(crate) fn open(database: &Database) -> Result<Store, String> {
    administer(database, false)
}

/// Opens the database of an administration command, and creates it if it is not there.
pub(crate) fn open_or_create(database: &Database) -> Result<Store, String> {
    administer(database, true)
}

fn administer(database: &Database, create: bool) -> Result<Store, String> {
    let options = store::Options {
        create,
        transaction_timeout: None,
        sqlite: store::SqliteOptions {
            readers: 1,
            ..store::SqliteOptions::default()
        },
        postgres: store::PostgresOptions {
            // One command does one thing at a time.
            connections: 1,
            // Somebody waits for it, and can try again.
            unavailable_after: Duration::from_secs(2),
            allow_bypass_rls: database.allow_bypass_rls,
            ..store::PostgresOptions::default()
        },
        ..store::Options::default()
    };
    open_with(&database.database, &options)
}

/// Opens the database; what goes wrong is explained without its password.
pub(crate) fn open_with(url: &str, options: &store::Options) -> Result<Store, String> {
    let password = std::env::var("PGPASSWORD").ok();
    let mut options = options.clone();
    options.postgres.password = password.filter(|password| !password.is_empty());
    let opened = saying_what_is_waited_for(url, &options, || Store::open_with(url, &options));
    opened.map_err(|error| without_passwords(explain(url, &error), url))
}

/// Silence longer than this looks like something broken.
const SILENCE: Duration = Duration::from_secs(1);

/// Says once that a database does not answer, if `open` takes long.
fn saying_what_is_waited_for<T>(
    url: &str,
    options: &store::Options,
    open: impl FnOnce() -> T,
) -> T {
    let limit_s = options.postgres.unavailable_after.as_secs();
    let waiting = format!(
        "`{}` does not answer yet; waiting up to {limit_s} s",
        shown(url)
    );
    std::thread::scope(|scope| {
        let (done, opened) = std::sync::mpsc::channel::<()>();
        scope.spawn(move || {
            if opened.recv_timeout(SILENCE) == Err(RecvTimeoutError::Timeout) {
                if tracing::dispatcher::has_been_set() {
                    tracing::warn!("{waiting}");
                } else {
                    table::tell(&format!("flexportal: {waiting}"));
                }
            }
        });
        let outcome = open();
        drop(done);
        outcome
    })
}

/// What is worth knowing about the file of an SQLite database: others than its owner can read or write it.
pub(crate) fn open_to_others(url: &str) -> Option<String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let path = url.strip_prefix("sqlite:")?;
        let path = path.strip_prefix("//").unwrap_or(path);
        let mode = std::fs::metadata(path).ok()?.permissions().mode() & 0o777;
        (mode & 0o077 != 0).then(|| {
            format!("others can open `{path}` (mode {mode:o}), which holds customers' data: `chmod 600 {path}*`")
        })
    }
    #[cfg(not(unix))]
    {
        let _ = url;
        None
    }
}

/// Where files are kept that go with the database, unless another folder is named.
pub(crate) fn files_beside(url: &str) -> PathBuf {
    match url.strip_prefix("sqlite:") {
        Some(path) => format!("{}-files", path.strip_prefix("//").unwrap_or(path)).into(),
        None => "flexportal-files".into(),
    }
}

/// Whether the URL names a PostgreSQL database.
pub(crate) fn is_postgres(url: &str) -> bool {
    rest_of_postgres(url).is_some()
}

/// The URL as it may be shown: without password, and without anything that might be one.
pub(crate) fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        // `sqlite:PATH` holds no secret, `user:password@host` without a scheme may.
        return match url.strip_prefix("sqlite:") {
            Some(_) => url.to_owned(),
            None => without_credentials(url),
        };
    };
    if scheme == "sqlite" {
        return url.to_owned();
    }
    let (credentials, place) = match rest.rsplit_once('@') {
        Some((credentials, place)) => (Some(credentials), place),
        None => (None, rest),
    };
    let user = match credentials.map(|it| it.split_once(':').unwrap_or((it, ""))) {
        None => String::new(),
        Some((user, "")) if plain(user) => format!("{user}@"),
        Some((user, password)) if plain(user) && !password.contains(['/', '?', '@']) => {
            format!("{user}:{HIDDEN}@")
        }
        // A delimiter that should have been percent-encoded: nobody knows where the password ends.
        Some(_) => return format!("{scheme}://{HIDDEN}"),
    };
    let (place, settings) = place.split_once('?').unwrap_or((place, ""));
    let settings: Vec<String> = settings
        .split('&')
        .filter(|setting| !setting.is_empty())
        .map(|setting| match setting.split_once('=') {
            Some((name, value)) if OPEN_SETTINGS.contains(&name) => format!("{name}={value}"),
            Some((name, _)) if plain(name) => format!("{name}={HIDDEN}"),
            _ => HIDDEN.to_owned(),
        })
        .collect();
    let question = if settings.is_empty() { "" } else { "?" };
    format!("{scheme}://{user}{place}{question}{}", settings.join("&"))
}

/// Whether the password stands on the command line, where every user of the machine can read it.
pub(crate) fn password_on_command_line() -> bool {
    std::env::args().any(|argument| {
        let url = argument.strip_prefix("--database=").unwrap_or(&argument);
        is_postgres(url) && has_password(url)
    })
}

/// An error with every cause, in one line, and what to do about it below.
fn explain(url: &str, error: &store::Error) -> String {
    let mut said = error.to_string();
    let mut message = format!("`--database {}`: {said}", shown(url));
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let text = error.to_string();
        // Wrappers repeat what they wrap.
        if !said.contains(&text) {
            message += &format!(": {text}");
        }
        said = text;
        cause = error.source();
    }
    if let Some(advice) = advice::on_store(error) {
        message += &format!("\nhint: {advice}");
    } else if is_postgres(url) {
        message += &format!("\nhint: {}", on_connecting(&message));
    } else if let Some(folder) = missing_folder(url) {
        message += &format!("\nhint: there is no folder `{folder}`; make it, or name another file");
    }
    message
}

/// The folder that the file of an SQLite database should stand in, if there is none.
fn missing_folder(url: &str) -> Option<String> {
    let path = url.strip_prefix("sqlite:")?;
    let folder = Path::new(path.strip_prefix("//").unwrap_or(path)).parent()?;
    let missing = !folder.as_os_str().is_empty() && !folder.exists();
    missing.then(|| folder.display().to_string())
}

/// What to do about a PostgreSQL database that cannot be opened, by what was said about it.
fn on_connecting(message: &str) -> &'static str {
    let says = |words: &str| message.contains(words);
    if says("password authentication") || says("password missing") {
        "give the password in PGPASSWORD, or in the URL"
    } else if says("statement pooling mode") {
        "let the pooler keep transactions together: `pool_mode = transaction`, or `session`"
    } else if says("startup parameter") || says("command-line options") {
        "the pooler takes no `options`: leave them out of the URL, and set them for the role"
    } else if says("query_wait_timeout") || says("max_client_conn") {
        "the pooler has no connection to give: raise its `default_pool_size`, or lower `--database-connections`"
    } else if says("server login") {
        "the pooler cannot reach PostgreSQL: is that running, and may the pooler log in?"
    } else if says("does not exist") {
        "create the role and its database: `createuser flexportal`, `createdb --owner flexportal flexportal`"
    } else if says("does not support TLS") {
        "turn `ssl` on there, or say `sslmode=disable` if nobody listens in between"
    } else if says("certificate") || says("TLS") || says("tls") {
        "name the certificate of its authority with `sslrootcert=FILE`"
    } else if says("permission denied") {
        "the role must own the database"
    } else {
        "is it running, and do host and port of the URL lead to it?"
    }
}

/// `text` without `url` and the passwords in its settings, wherever the text got them from.
fn without_passwords(text: String, url: &str) -> String {
    let settings = url.split_once('?').map_or("", |(_, settings)| settings);
    settings
        .split('&')
        .filter_map(|setting| setting.split_once('='))
        .filter(|(name, value)| name.contains("password") && !value.is_empty())
        .fold(text.replace(url, &shown(url)), |text, (_, value)| {
            text.replace(value, HIDDEN)
        })
}

fn rest_of_postgres(url: &str) -> Option<&str> {
    url.strip_prefix("postgres://")
        .or_else(|| url.strip_prefix("postgresql://"))
}

fn has_password(url: &str) -> bool {
    let credentials = url.rsplit_once('@').map_or("", |(before, _)| before);
    let after_scheme = credentials.split_once("://").map_or("", |(_, it)| it);
    let settings = url.split_once('?').map_or("", |(_, settings)| settings);
    after_scheme.contains(':') || settings.split('&').any(|it| it.starts_with("password="))
}

fn without_credentials(url: &str) -> String {
    match url.rsplit_once('@') {
        Some((_, place)) => format!("{HIDDEN}@{place}"),
        None => url.to_owned(),
    }
}

fn plain(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_-.%".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_never_shown() {
        for url in [
            "postgres://app:s3cret@db1:5432,db2:5432/flex?sslmode=require",
            "postgres://app:s3cret@db/flex?password=s3cret&sslpassword=s3cret",
            "postgres://db/flex?user=app&password=s3cret",
            "postgres://db/flex?password=s3cret@s3cret",
            "postgresql://app:s3cret?s3cret@db/flex",
            "postgres://app:s3cret/s3cret@db/flex",
            "postgres://app:s3@cret:s3cret@db/flex",
            "mysql://app:s3cret@db/flex",
            "app:s3cret@db/flex",
        ] {
            let shown = shown(url);
            assert!(!shown.contains("cret"), "{shown}");
        }
    }

    #[test]
    fn what_helps_to_find_the_database_is_shown() {
        let url = "postgres://app:x@db1:5432,db2/flex?sslmode=require&password=x&target_session_attrs=read-write";
        assert_eq!(
            shown(url),
            "postgres://app:…@db1:5432,db2/flex?sslmode=require&password=…&target_session_attrs=read-write"
        );
        for unchanged in [
            "sqlite:a@b:c.db",
            "sqlite:///srv/x.db",
            "postgres://app@db/flex",
            "postgres://db",
        ] {
            assert_eq!(shown(unchanged), unchanged);
        }
    }
}
