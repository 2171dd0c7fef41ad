//! The text of API keys: `fp_<id>_<secret>`.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::error::Error;

/// `key_…`, from `fp_…_secret`.
pub(crate) fn public_id(token: &str) -> Option<&str> {
    let (id, secret) = token.strip_prefix("fp_")?.split_once('_')?;
    let plain = |text: &str| {
        (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    (plain(id) && plain(secret)).then_some(id)
}

/// A new key: (id, the key itself, what is stored of it).
pub(crate) fn make_key(now: Timestamp) -> Result<(String, String, String), Error> {
    let mut secret = [0_u8; 20];
    getrandom::fill(&mut secret)
        .map_err(|error| Error::Broken(format!("no randomness for a key: {error}")))?;
    let id = crate::id::Ids::default().next("", "", now);
    let token = format!("fp_{id}_{}", encode_hex(&secret));
    let hash = encode_hex(&Sha256::digest(token.as_bytes()));
    Ok((format!("key_{id}"), token, hash))
}

/// 32 random bytes as hexadecimal digits.
pub(crate) fn new_secret() -> Result<String, Error> {
    let mut secret = [0_u8; 32];
    getrandom::fill(&mut secret)
        .map_err(|error| Error::Broken(format!("no randomness for a secret: {error}")))?;
    Ok(encode_hex(&secret))
}

fn encode_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Empty, which equals no hash, when `text` is not hexadecimal.
pub(crate) fn decode_hex(text: &str) -> Vec<u8> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|digit| digit.to_digit(16).map(|value| value as u8))
        .collect();
    digits
        .unwrap_or_default()
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}
