//! Reading bodies: the media type first, then never more bytes than allowed, never for longer than
//! allowed.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, HeaderValue, header};

use crate::{MediaFlaw, RawPart, Rejection, Rest, Unread, closeness, covers, only, read_parts};

/// A media type that an operation accepts.
#[derive(Debug, Clone, Copy)]
pub struct Medium {
    /// Lower case, without parameters; may be a range such as `text/*`.
    pub media_type: &'static str,
    /// How its body is read.
    pub kind: MediumKind,
}

impl Medium {
    /// A media type, and how its body is read.
    pub const fn new(media_type: &'static str, kind: MediumKind) -> Medium {
        Medium { media_type, kind }
    }
}

/// How a body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediumKind {
    /// At once, up to the limit for documents: JSON and forms.
    Document,
    /// At once, up to the limit for documents: JSON of a type that the sender chooses.
    Labelled,
    /// At once, up to the limit for uploads: text, which may be empty.
    Text,
    /// At once, up to the limit for uploads: bytes.
    Upload,
    /// Item by item, by the handler.
    Sequence,
    /// In parts with these names, up to the limit for uploads; other parts are skipped.
    Multipart(&'static [&'static str]),
}

/// What an operation accepts as its body.
#[derive(Debug, Clone, Copy)]
pub struct Accepts {
    /// How each media type is read.
    pub media: &'static [Medium],
    /// The media types alone, for messages.
    pub expected: &'static [&'static str],
}

impl Accepts {
    /// JSON and nothing else.
    pub const JSON: Accepts = Accepts {
        media: &[Medium::new("application/json", MediumKind::Document)],
        expected: &["application/json"],
    };
}

/// A body as it was read. `medium` is the index among those the operation accepts.
#[derive(Debug)]
pub enum Payload {
    /// There is none.
    Absent,
    /// All of it.
    Bytes {
        /// Index of the media type.
        medium: usize,
        /// `Content-Type` as it was sent.
        content_type: String,
        /// The body.
        bytes: Bytes,
    },
    /// Items that are still to be read.
    Items {
        /// Index of the media type.
        medium: usize,
        /// The body.
        items: Unread,
    },
    /// Its known parts.
    Parts {
        /// Index of the media type.
        medium: usize,
        /// In the order they were sent.
        parts: Vec<RawPart>,
    },
}

/// Limits while bodies are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) document_bytes: usize,
    pub(crate) upload_bytes: usize,
    pub(crate) timeout: Option<Duration>,
    pub(crate) replace_nul: bool,
}

/// What the framing of multipart bodies may add to the size of an upload.
const MULTIPART_SLACK_BYTES: usize = 64 * 1024;

impl Limits {
    fn of(self, kind: MediumKind) -> usize {
        match kind {
            MediumKind::Document | MediumKind::Labelled => self.document_bytes,
            // Each item by itself.
            MediumKind::Sequence => usize::MAX,
            MediumKind::Text | MediumKind::Upload | MediumKind::Multipart(_) => self.upload_bytes,
        }
    }
}

/// Reads a body that must be of one of the media types of `accepts`, or absent.
pub(crate) async fn read_body(
    headers: &HeaderMap,
    rest: &mut Rest,
    accepts: &Accepts,
    limits: Limits,
) -> Result<Payload, Rejection> {
    let chosen = label(headers, accepts.media);
    if let Ok((
        label,
        medium,
        Medium {
            kind: MediumKind::Sequence,
            ..
        },
    )) = chosen
    {
        let label = label.to_str().unwrap_or_default().to_owned();
        let (body, loan) = rest.lend();
        let items = Unread::new(body, loan, label, limits);
        return Ok(Payload::Items { medium, items });
    }
    if rest.is_over() {
        return Ok(nothing(headers, accepts));
    }
    // `Content-Length`, which the server has parsed already.
    let announced = usize::try_from(rest.announced()).unwrap_or(usize::MAX);
    // Of no known type: the largest body that any type could have.
    let limit = match chosen {
        Ok((_, _, medium)) => limits.of(medium.kind),
        Err(_) => accepts
            .media
            .iter()
            .filter(|medium| medium.kind != MediumKind::Sequence)
            .map(|medium| limits.of(medium.kind))
            .max()
            .unwrap_or(limits.document_bytes),
    };
    let slack = match chosen {
        Ok((
            _,
            _,
            Medium {
                kind: MediumKind::Multipart(_),
                ..
            },
        )) => MULTIPART_SLACK_BYTES,
        _ => 0,
    };
    if announced > limit + slack {
        return Err(Rejection::PayloadTooLarge { limit_bytes: limit });
    }
    let mut reader = Reader::new(rest.take(), limit, slack, limits.timeout);
    let read = match chosen {
        Ok((
            content_type,
            medium,
            Medium {
                kind: MediumKind::Multipart(names),
                ..
            },
        )) => {
            // On the heap, so that the many requests without parts do not make room for them.
            return Box::pin(read_form(reader, rest, content_type, medium, names)).await;
        }
        Ok(chosen) => {
            let read = read_at_once(&mut reader, headers, accepts, chosen, announced).await;
            match chosen.2.media_type.ends_with("json") && limits.replace_nul {
                true => read.map(without_nuls),
                false => read,
            }
        }
        // Nothing to object to in a type that is not stated while there is nothing of it.
        Err(flaw) => match reader.some().await {
            Ok(None) => Ok(Payload::Absent),
            Ok(Some(())) => Err(Rejection::UnsupportedMediaType {
                flaw,
                expected: accepts.expected,
            }),
            Err(rejection) => Err(rejection),
        },
    };
    match &read {
        Ok(_) => rest.end(),
        Err(rejection) => rest.give_back(reader.body, breaks(rejection)),
    }
    read
}

/// Whether nothing that follows can be read.
fn breaks(rejection: &Rejection) -> bool {
    matches!(
        rejection,
        Rejection::BodyTimeout | Rejection::BodyUnreadable
    )
}

/// Reads a form in parts. What stands behind its end is left.
async fn read_form(
    reader: Reader,
    rest: &mut Rest,
    content_type: &HeaderValue,
    medium: usize,
    names: &'static [&'static str],
) -> Result<Payload, Rejection> {
    let content_type = content_type.to_str().unwrap_or_default();
    let reader = SharedReader(Arc::new(Mutex::new(reader)));
    let parts = read_parts(reader.clone(), content_type, names).await;
    let broken = parts.as_ref().is_err_and(breaks);
    rest.give_back(reader.body(), broken);
    Ok(parts?.map_or(Payload::Absent, |parts| Payload::Parts { medium, parts }))
}

/// Reads a body that is not in parts.
async fn read_at_once(
    reader: &mut Reader,
    headers: &HeaderMap,
    accepts: &Accepts,
    (content_type, medium, chosen): (&HeaderValue, usize, &Medium),
    announced: usize,
) -> Result<Payload, Rejection> {
    let bytes = reader.all(announced).await?;
    if bytes.is_empty() {
        return Ok(nothing(headers, accepts));
    }
    let content_type = match chosen.kind {
        MediumKind::Labelled | MediumKind::Text | MediumKind::Upload => {
            content_type.to_str().unwrap_or_default().to_owned()
        }
        _ => String::new(),
    };
    Ok(Payload::Bytes {
        medium,
        content_type,
        bytes,
    })
}

/// What a body of no bytes is: absent, unless it says to be a form, which may have no fields, or a
/// text, which may have no characters.
fn nothing(headers: &HeaderMap, accepts: &Accepts) -> Payload {
    let may_be_empty = |medium: &Medium| {
        medium.kind == MediumKind::Text || medium.media_type == "application/x-www-form-urlencoded"
    };
    if !accepts.media.iter().any(may_be_empty) {
        return Payload::Absent;
    }
    match label(headers, accepts.media) {
        Ok((content_type, index, medium)) if may_be_empty(medium) => Payload::Bytes {
            medium: index,
            content_type: content_type.to_str().unwrap_or_default().to_owned(),
            bytes: Bytes::new(),
        },
        _ => Payload::Absent,
    }
}

/// A body of JSON with U+FFFD for every U+0000.
fn without_nuls(payload: Payload) -> Payload {
    match payload {
        Payload::Bytes {
            medium,
            content_type,
            bytes,
        } => Payload::Bytes {
            medium,
            content_type,
            bytes: without_nul(bytes),
        },
        payload => payload,
    }
}

/// JSON with U+FFFD for every U+0000. JSON has it as an escape alone, and outside of texts no
/// backslash can stand.
pub(crate) fn without_nul(json: Bytes) -> Bytes {
    if !json.contains(&b'\\') {
        return json;
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(length) = json[at..].iter().position(|byte| *byte == b'\\') {
        at += length;
        if json[at + 1..].starts_with(b"u0000") {
            found.push(at + 2);
        }
        // What is escaped, a backslash perhaps, is no beginning.
        at = json.len().min(at + 2);
    }
    if found.is_empty() {
        return json;
    }
    let mut json = Vec::from(json);
    for at in found {
        json[at..at + 4].copy_from_slice(b"fffd");
    }
    json.into()
}

/// `Content-Type`, and the medium that it names.
fn label<'r>(
    headers: &'r HeaderMap,
    media: &'r [Medium],
) -> Result<(&'r HeaderValue, usize, &'r Medium), MediaFlaw> {
    let plain = |coding: &HeaderValue| {
        let codings = coding.as_bytes().split(|byte| *byte == b',');
        let mut codings = codings.map(<[u8]>::trim_ascii);
        codings.all(|coding| coding.is_empty() || coding.eq_ignore_ascii_case(b"identity"))
    };
    if !headers.get_all(header::CONTENT_ENCODING).iter().all(plain) {
        return Err(MediaFlaw::Encoding);
    }
    let content_type = only(headers, &header::CONTENT_TYPE).map_err(|()| MediaFlaw::Repeated)?;
    let content_type = content_type.ok_or(MediaFlaw::Missing)?;
    let (index, medium) = choose(content_type, media)?;
    Ok((content_type, index, medium))
}

/// The medium that `content_type` names: an exact one before a range.
fn choose<'m>(
    content_type: &HeaderValue,
    media: &'m [Medium],
) -> Result<(usize, &'m Medium), MediaFlaw> {
    // Most callers write it like the contract.
    let same = |medium: &Medium| medium.media_type.as_bytes() == content_type.as_bytes();
    // A range is no type that a body can be of.
    if content_type.as_bytes().contains(&b'*') {
        return Err(MediaFlaw::Other);
    }
    let chosen = |index: usize| media.get(index).map(|medium| (index, medium));
    if let Some(chosen) = media.iter().position(same).and_then(chosen) {
        return Ok(chosen);
    }
    let content_type = content_type.to_str().map_err(|_| MediaFlaw::Other)?;
    let (sent, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    let sent = sent.trim();
    if sent.is_empty() {
        return Err(MediaFlaw::Empty);
    }
    let exact = |medium: &Medium| medium.media_type.eq_ignore_ascii_case(sent);
    let index = media.iter().position(exact).or_else(|| {
        let ranges = media.iter().enumerate();
        let ranges = ranges.filter(|(_, medium)| covers(medium.media_type, sent));
        let closest = ranges.max_by_key(|(_, medium)| closeness(medium.media_type));
        closest.map(|(index, _)| index)
    });
    let (index, medium) = index.and_then(chosen).ok_or(MediaFlaw::Other)?;
    let binary = medium.kind == MediumKind::Upload;
    if binary || is_unicode(parameters) {
        Ok((index, medium))
    } else {
        Err(MediaFlaw::Charset)
    }
}

/// Whether text with these parameters is UTF-8, which is all that is read.
fn is_unicode(parameters: &str) -> bool {
    let charset = parameters.split(';').filter_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"'))
    });
    charset.into_iter().all(|charset| {
        ["utf-8", "utf8", "us-ascii", "ascii"]
            .iter()
            .any(|known| charset.eq_ignore_ascii_case(known))
    })
}

/// A body that ends with an error at its limit.
pub(crate) struct Reader {
    body: Body,
    limit: usize,
    left: usize,
    timeout: Option<Duration>,
    /// Armed while the body keeps us waiting, so that a body that is there costs no timer.
    sleep: Option<Pin<Box<tokio::time::Sleep>>>,
    first: Option<Bytes>,
}

impl Reader {
    fn new(body: Body, limit: usize, slack: usize, timeout: Option<Duration>) -> Reader {
        Reader {
            body,
            limit,
            left: limit + slack,
            timeout,
            sleep: None,
            first: None,
        }
    }

    /// The next piece that is not empty.
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Rejection>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        loop {
            let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) else {
                ready!(self.poll_sleep(cx));
                return Poll::Ready(Some(Err(Rejection::BodyTimeout)));
            };
            let Some(frame) = frame else {
                return Poll::Ready(None);
            };
            let Ok(frame) = frame else {
                return Poll::Ready(Some(Err(Rejection::BodyUnreadable)));
            };
            let Ok(piece) = frame.into_data() else {
                continue;
            };
            if piece.is_empty() {
                continue;
            }
            let Some(left) = self.left.checked_sub(piece.len()) else {
                return Poll::Ready(Some(Err(Rejection::PayloadTooLarge {
                    limit_bytes: self.limit,
                })));
            };
            self.left = left;
            return Poll::Ready(Some(Ok(piece)));
        }
    }

    /// Ready when the body took too long. The time runs from the first wait to the end of the
    /// body: one that trickles is as slow as one that stands still.
    fn poll_sleep(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(timeout) = self.timeout else {
            return Poll::Pending;
        };
        let sleep = self
            .sleep
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(timeout)));
        sleep.as_mut().poll(cx)
    }

    async fn piece(&mut self) -> Option<Result<Bytes, Rejection>> {
        std::future::poll_fn(|cx| self.poll_piece(cx)).await
    }

    /// Whether there is anything; what was read for that is kept.
    pub(crate) async fn some(&mut self) -> Result<Option<()>, Rejection> {
        self.first = self.piece().await.transpose()?;
        Ok(self.first.as_ref().map(|_| ()))
    }

    /// Everything; without a copy when it comes in one piece.
    async fn all(&mut self, announced: usize) -> Result<Bytes, Rejection> {
        let Some(first) = self.piece().await.transpose()? else {
            return Ok(Bytes::new());
        };
        if self.body.is_end_stream() {
            return Ok(first);
        }
        let Some(second) = self.piece().await.transpose()? else {
            return Ok(first);
        };
        // An announced length is within the limit, but its memory is not spent on the word alone.
        let mut all = Vec::with_capacity(announced.min(64 * 1024).max(first.len() + second.len()));
        all.extend_from_slice(&first);
        all.extend_from_slice(&second);
        while let Some(piece) = self.piece().await.transpose()? {
            all.extend_from_slice(&piece);
        }
        Ok(all.into())
    }
}

/// A reader that a parser keeps, and whose body is wanted back.
#[derive(Clone)]
pub(crate) struct SharedReader(Arc<Mutex<Reader>>);

impl SharedReader {
    pub(crate) async fn some(&self) -> Result<Option<()>, Rejection> {
        let first = std::future::poll_fn(|cx| self.poll_piece(cx)).await;
        let first = first.transpose()?;
        let found = first.as_ref().map(|_| ());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).first = first;
        Ok(found)
    }

    fn body(&self) -> Body {
        let mut reader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut reader.body, Body::empty())
    }

    fn poll_piece(&self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Rejection>>> {
        let mut reader = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reader.poll_piece(cx)
    }
}

impl futures_core::Stream for SharedReader {
    type Item = Result<Bytes, ReadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_piece(cx)
            .map(|piece| piece.map(|piece| piece.map_err(ReadError)))
    }
}

/// A rejection on its way through the multipart parser.
#[derive(Debug)]
pub(crate) struct ReadError(pub(crate) Rejection);

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ReadError {}
