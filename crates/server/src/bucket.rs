//! Content of files in a bucket: Amazon S3, or whatever else speaks its protocol.
//!
//! Keys and endpoint are what the tools of AWS read from the environment, so that none of them stands on a command
//! line. What the storage says goes into the log by its code and message alone.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::io;
use std::time::Duration;

use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey as Key};
use object_store::client::{ClientConfigKey, ClientOptions, HttpClient, HttpConnector};
use object_store::path::Path;
use object_store::{BackoffConfig, Error, ObjectStoreExt as _, PutPayload, RetryConfig};
use service::storage::{Storage, is_place};
use tokio::runtime::Handle;

use crate::tls;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(3);
/// How long a try may take, and for how long others follow one that failed.
const TRY: Duration = Duration::from_secs(10);
/// Tries after the first.
const RETRIES: usize = 3;
/// How long everything together may take. Deletions that are quiet for minutes are taken up by others.
const LONGEST: Duration = Duration::from_secs(30);
/// Largest file that is read, in bytes; what is written here has a few pages.
const LARGEST: u64 = 64 * 1024 * 1024;

/// A bucket, and what the names of objects begin with.
#[derive(Debug)]
pub(crate) struct Bucket {
    store: AmazonS3,
    prefix: String,
    runtime: Handle,
}

impl Bucket {
    /// The bucket `name`, once a small object could be written, read and deleted there.
    ///
    /// # Errors
    /// Why not, and what to do.
    pub(crate) async fn open(name: &str, prefix: &str) -> Result<Bucket, String> {
        let failed = |(why, hint): (String, &str)| {
            format!("cannot keep files in the bucket `{name}`: {why}\nhint: {hint}")
        };
        let builder = configured().map_err(failed)?;
        let store = builder.with_bucket_name(name).build();
        let explain = |error: Error| failed((cause(&error), hint(&error)));
        let bucket = Bucket {
            store: store.map_err(explain)?,
            prefix: prefix.to_owned(),
            runtime: Handle::current(),
        };
        // Others may start at the same moment.
        let random = RandomState::new().build_hasher().finish();
        let check = format!("check-{random:016x}");
        bucket.write(&check, b"check").await.map_err(explain)?;
        let read = bucket.read(&check).await.map_err(explain)?;
        bucket.remove(&check).await.map_err(explain)?;
        match read.as_deref() {
            Some(b"check") => Ok(bucket),
            _ => Err(failed((
                "what was written is not there".into(),
                "name a storage that shows what it has accepted",
            ))),
        }
    }

    fn at(&self, path: &str) -> Result<Path, Error> {
        match is_place(path) {
            true => Ok(Path::from(format!("{}/{path}", self.prefix))),
            false => Err(other(format!("`{path}` is no place in a storage"))),
        }
    }

    async fn write(&self, path: &str, content: &[u8]) -> Result<(), Error> {
        let (at, content) = (self.at(path)?, PutPayload::from(content.to_vec()));
        limited(self.store.put(&at, content)).await.map(drop)
    }

    async fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Error> {
        let at = self.at(path)?;
        let read = async {
            let found = self.store.get(&at).await?;
            match found.meta.size {
                0..=LARGEST => Ok(found.bytes().await?.to_vec()),
                size => Err(other(format!("the object has {size} bytes"))),
            }
        };
        match limited(read).await {
            Ok(content) => Ok(Some(content)),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn remove(&self, path: &str) -> Result<(), Error> {
        let at = self.at(path)?;
        match limited(self.store.delete(&at)).await {
            Err(error) if !is_missing(&error) => Err(error),
            _ => Ok(()),
        }
    }

    fn wait<T>(&self, work: impl Future<Output = Result<T, Error>>) -> io::Result<T> {
        let done = self.runtime.block_on(work);
        done.map_err(|error| io::Error::other(cause(&error)))
    }
}

/// Threads that may block wait for what the runtime does.
impl Storage for Bucket {
    fn put(&self, path: &str, content: &[u8]) -> io::Result<()> {
        self.wait(self.write(path, content))
    }

    fn get(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        self.wait(self.read(path))
    }

    fn delete(&self, path: &str) -> io::Result<()> {
        self.wait(self.remove(path))
    }
}

/// What the environment says, with limits.
fn configured() -> Result<AmazonS3Builder, (String, &'static str)> {
    let builder = AmazonS3Builder::from_env();
    let value = |key: Key| builder.get_config_value(&key);
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|it| !it.is_empty());
    let key = is_set("AWS_ACCESS_KEY_ID") && is_set("AWS_SECRET_ACCESS_KEY");
    let role = ROLES.iter().any(|name| is_set(name));
    let metadata = std::env::var("AWS_EC2_METADATA_DISABLED");
    if !key && !role && metadata.is_ok_and(|it| it.eq_ignore_ascii_case("true")) {
        return Err(("there are no credentials".into(), CREDENTIALS));
    }
    let endpoint = value(Key::S3Endpoint).or_else(|| value(Key::Endpoint));
    if let Some(endpoint) = endpoint {
        let http = value(Key::Client(ClientConfigKey::AllowHttp));
        if endpoint.contains('@') {
            let why = "the endpoint names a user or password".to_owned();
            return Err((why, CREDENTIALS));
        }
        if endpoint.starts_with("http://") && http.as_deref() != Some("true") {
            return Err((
                format!("`{endpoint}` is not encrypted"),
                "use `https`, or set AWS_ALLOW_HTTP=true",
            ));
        }
    }
    let retry = RetryConfig {
        backoff: BackoffConfig::default(),
        max_retries: RETRIES,
        retry_timeout: TRY,
    };
    Ok(builder
        .with_http_connector(Connector)
        .with_retry(retry)
        // Not everything that speaks S3 deletes in bulk.
        .with_disable_bulk_delete(true))
}

/// Variables that lead to credentials beside keys.
const ROLES: [&str; 3] = [
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

const CREDENTIALS: &str = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; on AWS, the role of the machine, task or \
                           service account does as well";

/// Makes clients with the TLS of the rest of the server.
#[derive(Debug)]
struct Connector;

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> Result<HttpClient, Error> {
        let http = options.get_config_value(&ClientConfigKey::AllowHttp);
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::client().map_err(other)?)
            .user_agent(concat!("FlexPortal/", env!("CARGO_PKG_VERSION")))
            .https_only(http.as_deref() != Some("true"))
            .connect_timeout(CONNECT)
            .timeout(TRY)
            .build();
        client.map(HttpClient::new).map_err(other)
    }
}

async fn limited<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let late = |_| other(format!("no answer within {} seconds", LONGEST.as_secs()));
    tokio::time::timeout(LONGEST, work).await.map_err(late)?
}

fn other(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Generic {
        store: "S3",
        source: source.into(),
    }
}

/// Whether the object is not there; that the bucket is not there is another matter.
fn is_missing(error: &Error) -> bool {
    matches!(error, Error::NotFound { .. })
        && element(&error.to_string(), "Code") != Some("NoSuchBucket")
}

/// Why it failed: what the storage says, or what came of the connection.
fn cause(error: &Error) -> String {
    let text = error.to_string();
    if let Some(code) = element(&text, "Code") {
        return match element(&text, "Message") {
            Some(message) => format!("`{code}`: {message}"),
            None => format!("`{code}`"),
        };
    }
    let mut root: &dyn std::error::Error = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root.to_string()
}

/// What to do about it.
fn hint(error: &Error) -> &'static str {
    let text = error.to_string();
    match element(&text, "Code") {
        Some("NoSuchBucket") => "make the bucket, or name another one in `--files`",
        Some(
            "PermanentRedirect"
            | "AuthorizationHeaderMalformed"
            | "IllegalLocationConstraintException",
        ) => "the bucket is in another region: name it in AWS_REGION",
        Some("InvalidAccessKeyId" | "SignatureDoesNotMatch" | "InvalidToken" | "ExpiredToken") => {
            "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN"
        }
        Some(_) => {
            "who has the key must be allowed to put, get and delete objects under the prefix"
        }
        None if text.contains("latest/api/token") || text.contains("security-credentials") => {
            CREDENTIALS
        }
        None if matches!(
            error,
            Error::PermissionDenied { .. } | Error::Unauthenticated { .. }
        ) =>
        {
            "who has the key must be allowed to put, get and delete objects under the prefix"
        }
        None => {
            "check AWS_ENDPOINT_URL and AWS_REGION, and that the storage can be reached from here"
        }
    }
}

/// The text of the first element of this name.
fn element<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    let (found, _) = rest.split_once(&format!("</{name}>"))?;
    let inner = found.strip_prefix("<![CDATA[");
    Some(
        inner
            .and_then(|inner| inner.strip_suffix("]]>"))
            .unwrap_or(found),
    )
}
