//! Where the content of files is kept: a folder, or a bucket.

use std::path::PathBuf;
use std::sync::Arc;

use service::storage::{Folder, Storage};

use crate::bucket::Bucket;
use crate::cli::Files;
use crate::database;

/// What `--files` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket, and what the names of objects begin with.
    Bucket {
        /// Its name.
        name: String,
        /// Without a slash at either end.
        prefix: String,
    },
}

/// Reads a folder or `s3://BUCKET/PREFIX`.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn parse(text: &str) -> Result<Place, String> {
    let form = "write a folder, or `s3://BUCKET/PREFIX`";
    let Some(rest) = text.strip_prefix("s3://") else {
        return match text.contains("://") {
            true => Err(format!("`{text}` is no place for files: {form}")),
            false => Ok(Place::Folder(text.into())),
        };
    };
    let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    let prefix = prefix.trim_end_matches('/');
    let plain = |part: &str| {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        !matches!(part, "" | "." | "..") && part.chars().all(fits)
    };
    // Nothing else is shown: it may be a key that somebody put there.
    if !plain(name) || !(prefix.is_empty() || prefix.split('/').all(plain)) {
        return Err(format!(
            "bucket and prefix have letters, digits, `-`, `_` and `.`: {form}; keys stand in AWS_ACCESS_KEY_ID and \
             AWS_SECRET_ACCESS_KEY"
        ));
    }
    Ok(Place::Bucket {
        name: name.into(),
        prefix: prefix.into(),
    })
}

/// The storage that belongs to a database.
///
/// # Errors
/// Why it cannot be used, and what to do.
pub(crate) async fn open(files: &Files, database: &str) -> Result<Arc<dyn Storage>, String> {
    let beside = || Place::Folder(database::files_beside(database));
    Ok(match files.files.clone().unwrap_or_else(beside) {
        Place::Folder(path) => Arc::new(Folder::new(path)),
        Place::Bucket { name, prefix } => Arc::new(Bucket::open(&name, &prefix).await?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_or_a_bucket_is_named() {
        let bucket = |name: &str, prefix: &str| Place::Bucket {
            name: name.into(),
            prefix: prefix.into(),
        };
        for (text, expected) in [
            ("files", Place::Folder("files".into())),
            ("/srv/s3", Place::Folder("/srv/s3".into())),
            ("s3://acme", bucket("acme", "")),
            ("s3://acme/", bucket("acme", "")),
            ("s3://acme.files/a/b_c/", bucket("acme.files", "a/b_c")),
        ] {
            assert_eq!(parse(text), Ok(expected), "{text}");
        }
        for text in [
            "s3://",
            "s3:///x",
            "s3://a/../b",
            "s3://a//b",
            "s3://key:secret@a/b",
            "gs://acme",
            "https://acme.s3.amazonaws.com",
        ] {
            let refused = parse(text).expect_err(text);
            assert!(refused.contains("s3://BUCKET/PREFIX"), "{refused}");
            assert!(!refused.contains("secret"), "{refused}");
        }
    }
}
