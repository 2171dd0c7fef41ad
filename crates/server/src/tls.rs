//! TLS to others.

use std::sync::Arc;

/// What clients trust: the roots of the system. A minimal machine has none; then nobody is trusted.
///
/// # Errors
/// When this machine cannot do TLS.
pub(crate) fn client() -> Result<rustls::ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}
