//! TLS, as the features of the crate choose it.
//!
//! | Feature | |
//! |---|---|
//! | `rustls` | rustls with ring, unless the process has chosen another provider; roots of the system |
//! | `webpki-roots` | the same with the roots of Mozilla, compiled in |
//! | `native-tls` | the library of the system, where `rustls` is off |
//!
//! Features add up over all crates of a program, so each combination works.

use reqwest::ClientBuilder;

use super::config::BuildError;

/// A client for `http` gets along without any roots of trust, which a minimal machine may not have.
#[cfg(feature = "rustls")]
pub(super) fn secured(builder: ClientBuilder, is_https: bool) -> Result<ClientBuilder, BuildError> {
    use rustls::crypto::{CryptoProvider, ring};
    if is_https && CryptoProvider::get_default().is_none() {
        // Failing means that another thread was faster, which does as well.
        let _ = ring::default_provider().install_default();
    }
    if is_https && cfg!(not(feature = "webpki-roots")) {
        return Ok(builder.tls_backend_rustls());
    }
    let provider = CryptoProvider::get_default().cloned();
    let provider = provider.unwrap_or_else(|| ring::default_provider().into());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| BuildError::Tls(error.to_string()))?
        .with_root_certificates(roots())
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(tls))
}

/// What is compiled in.
#[cfg(feature = "rustls")]
fn roots() -> rustls::RootCertStore {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(MOZILLA.iter().cloned());
    roots
}

#[cfg(feature = "webpki-roots")]
use webpki_root_certs::TLS_SERVER_ROOT_CERTS as MOZILLA;

#[cfg(all(feature = "rustls", not(feature = "webpki-roots")))]
const MOZILLA: &[rustls::pki_types::CertificateDer<'_>] = &[];

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
pub(super) fn secured(builder: ClientBuilder, _: bool) -> Result<ClientBuilder, BuildError> {
    Ok(builder.tls_backend_native())
}

#[cfg(not(any(feature = "native-tls", feature = "rustls")))]
pub(super) fn secured(builder: ClientBuilder, is_https: bool) -> Result<ClientBuilder, BuildError> {
    match is_https {
        true => Err(BuildError::Tls(
            "this program has none\nhint: turn on the feature `rustls` or `native-tls`".to_owned(),
        )),
        false => Ok(builder),
    }
}
