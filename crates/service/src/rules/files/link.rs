//! Links to files: whoever has one can open the file until it expires. A link says which file of which tenant it is
//! for, what it is for, and until when, and is signed with a secret of the file; it ends with the file.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::SignedDuration;
use sha2::Sha256;
use store::{FileRow, TenantStatus, Tx};
use types::support::True;
use types::{FileAction, FileUrl, FileUrlRequest};

use super::list::find;
use crate::call::Call;
use crate::error::{Error, not_found};
use crate::face::serve::Service;
use crate::face::token::decode_hex;

/// Lifetime of a link that says nothing of it.
const MINUTES: f64 = 60.0;

/// What a link says.
struct Link<'a> {
    tenant: &'a str,
    file: &'a str,
    saved: bool,
    /// Milliseconds since 1970.
    expires_at: i64,
}

impl Link<'_> {
    fn text(&self) -> String {
        let action = if self.saved { 'd' } else { 'v' };
        format!("{}/{}/{action}/{}", self.tenant, self.file, self.expires_at)
    }
}

/// getFileUrl.
pub(crate) fn url(
    call: &mut Call<'_, '_>,
    public_url: &str,
    body: &FileUrlRequest,
) -> Result<FileUrl, Error> {
    let row = find(call, &body.file_id)?;
    let minutes = body.expires_in_minutes.unwrap_or(MINUTES);
    // The contract has bounds for it; a part of a minute counts.
    let lifetime = SignedDuration::from_millis((minutes * 60_000.0) as i64);
    let expires_at = call.now.saturating_add(lifetime).unwrap_or(call.now);
    let link = Link {
        tenant: &row.tenant_id,
        file: &row.id,
        saved: body.action == Some(FileAction::Download),
        expires_at: expires_at.as_millisecond(),
    };
    let text = link.text();
    let signed = [
        URL_SAFE_NO_PAD.encode(&text),
        URL_SAFE_NO_PAD.encode(sign(&row, &text)?.finalize().into_bytes()),
    ];
    Ok(FileUrl {
        success: True,
        url: format!("{public_url}/v1/files/content/{}", signed.join(".")),
        filename: row.filename,
        content_type: row.content_type,
        file_size: u64::try_from(row.file_size).unwrap_or(0),
        expires_at: u64::try_from(link.expires_at).unwrap_or(0),
    })
}

fn sign(row: &FileRow, text: &str) -> Result<Hmac<Sha256>, Error> {
    let broken = |_| Error::Broken(format!("file `{}` has no secret", row.id));
    let mut mac = Hmac::<Sha256>::new_from_slice(&decode_hex(&row.secret)).map_err(broken)?;
    mac.update(text.as_bytes());
    Ok(mac)
}

/// The content of a file, for whoever has a link.
pub(crate) struct Content {
    pub(crate) bytes: Vec<u8>,
    /// `Content-Disposition`.
    pub(crate) disposition: String,
}

/// getFileContent. Whatever is wrong with a link, nobody learns what.
pub(crate) async fn open(service: &Service, token: &str) -> Result<Content, Error> {
    let unknown = || not_found("file");
    let (text, signature) = token.split_once('.').ok_or_else(unknown)?;
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| unknown());
    let (text, signature) = (decode(text)?, decode(signature)?);
    let text = String::from_utf8(text).map_err(|_| unknown())?;
    let parts: Vec<&str> = text.split('/').collect();
    let [tenant, file, action, expires_at] = parts[..] else {
        return Err(unknown());
    };
    let link = Link {
        tenant,
        file,
        saved: action == "d",
        expires_at: expires_at.parse().map_err(|_| unknown())?,
    };
    let id: Arc<str> = tenant.into();
    let file = file.to_owned();
    let find = move |tx: &mut Tx<'_>| {
        let tenant = store::tenants::find(tx, tx.tenant()?)?;
        let served = tenant.is_some_and(|it| it.status == TenantStatus::Active);
        let row = store::files::find(tx, &file)?;
        Ok::<_, Error>(row.filter(|_| served))
    };
    let row = service.store().read_in(&id, find.clone()).await?;
    let row = row.ok_or_else(unknown)?;
    // In constant time. What it stands for is written anew, so that it has one form only.
    let genuine = sign(&row, &link.text())?.verify_slice(&signature).is_ok();
    let now = service.clock().now().as_millisecond();
    if !genuine || link.text() != text || now >= link.expires_at {
        return Err(unknown());
    }
    let path = row.storage_path.clone();
    let bytes = service
        .files()?
        .run(move |storage| storage.get(&path))
        .await?;
    let Some(bytes) = bytes else {
        // It may have been deleted since.
        return match service.store().read_in(&id, find).await? {
            Some(row) => Err(Error::Broken(format!("file `{}` has no content", row.id))),
            None => Err(unknown()),
        };
    };
    let disposition = if link.saved { "attachment" } else { "inline" };
    Ok(Content {
        bytes,
        disposition: format!("{disposition}; filename=\"{}\"", row.filename),
    })
}
