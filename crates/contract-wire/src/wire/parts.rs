//! The parts of a `multipart` that is no form (RFC 2046, section 5.1): where one ends and the next begins, and what
//! stands before the content of each.

use super::frames::Buffer;

/// A part as it is, for those whose content is looked into by nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// `Content-Type`, with its parameters.
    pub content_type: String,
    /// Its other headers: names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// Content.
    pub bytes: Vec<u8>,
}

impl Part {
    /// A part of this type, without further headers.
    pub fn new(content_type: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Part {
        Part {
            content_type: content_type.into(),
            headers: Vec::new(),
            bytes: bytes.into(),
        }
    }

    /// The part that `text`, headers and content, is.
    pub fn read(text: &[u8]) -> Part {
        let (head, bytes) = halves(text);
        let mut part = Part::new("text/plain", bytes);
        for line in String::from_utf8_lossy(head).lines() {
            let Some((name, value)) = line.split_once(':') else {
                continue;
            };
            let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().to_owned());
            match name.as_str() {
                "content-type" => part.content_type = value,
                _ => part.headers.push((name, value)),
            }
        }
        part
    }

    /// Headers and content.
    ///
    /// # Errors
    /// A header that has a line end.
    pub(super) fn write(&self, to: &mut Vec<u8>) -> Result<(), String> {
        let own = [("content-type".to_owned(), self.content_type.clone())];
        for (name, value) in own.iter().chain(&self.headers) {
            let is_token = |c: char| c.is_ascii_graphic() && c != ':';
            if name.is_empty() || !name.chars().all(is_token) || value.contains(['\r', '\n']) {
                return Err(format!("`{name}` is no header that a part can have"));
            }
            to.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        to.extend_from_slice(b"\r\n");
        to.extend_from_slice(&self.bytes);
        Ok(())
    }
}

/// The content of the part that `text`, headers and content, is.
pub fn part_content(text: &[u8]) -> &[u8] {
    halves(text).1
}

fn halves(text: &[u8]) -> (&[u8], &[u8]) {
    for (end, begin) in [(b"\r\n".as_slice(), 2), (b"\n".as_slice(), 1)] {
        // There are no headers.
        if text.starts_with(end) {
            return (&[], text.get(begin..).unwrap_or_default());
        }
    }
    for end in [b"\r\n\r\n".as_slice(), b"\n\n".as_slice()] {
        let mut windows = text.windows(end.len());
        if let Some(at) = windows.position(|window| window == end) {
            let (head, rest) = text.split_at(at);
            return (head, rest.get(end.len()..).unwrap_or_default());
        }
    }
    (text, &[])
}

/// The boundary that `content_type` says.
pub(super) fn boundary(content_type: &str) -> Option<String> {
    let mut parameters = content_type.split(';').skip(1);
    parameters.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_it = name.trim().eq_ignore_ascii_case("boundary");
        is_it.then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// Finds parts.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// With the dashes before it.
    boundary: Vec<u8>,
    /// What was looked through without finding a boundary.
    seen: usize,
    /// The first boundary was there.
    begun: bool,
    /// The last boundary was there.
    pub(super) ended: bool,
}

impl Parts {
    pub(super) fn new(boundary: &str) -> Parts {
        Parts {
            boundary: format!("--{boundary}").into_bytes(),
            seen: 0,
            begun: false,
            ended: false,
        }
    }

    /// The next part, headers and content.
    pub(super) fn next<'b>(&mut self, buffer: &'b mut Buffer) -> Option<&'b [u8]> {
        let mut from = self.seen;
        loop {
            if self.ended {
                return None;
            }
            let Some((at, line)) = self.delimiter(buffer.rest(), from) else {
                // One may have begun.
                self.seen = buffer
                    .rest()
                    .len()
                    .saturating_sub(self.boundary.len())
                    .max(from);
                return None;
            };
            let after = buffer.rest().get(line..).unwrap_or_default();
            let last = after.starts_with(b"--");
            // Blanks may stand behind a boundary, up to the end of the line.
            let end = after.iter().position(|byte| *byte == b'\n');
            let rest = match (last, end) {
                (true, _) => line + 2,
                (false, Some(end))
                    if after
                        .get(..end)
                        .is_some_and(|it| it.trim_ascii().is_empty()) =>
                {
                    line + end + 1
                }
                (false, Some(_)) => {
                    // It only begins like one.
                    from = line;
                    continue;
                }
                (false, None) => return None,
            };
            if last && after.len() < 2 {
                return None;
            }
            self.ended = last;
            self.seen = 0;
            if !std::mem::replace(&mut self.begun, true) {
                buffer.take(rest, 0);
                from = 0;
                continue;
            }
            return Some(buffer.take(rest, rest - at));
        }
    }

    /// Where the line end before a boundary stands, and what is behind the boundary.
    fn delimiter(&self, text: &[u8], from: usize) -> Option<(usize, usize)> {
        let length = self.boundary.len();
        let windows = text.get(from..)?.windows(length).enumerate();
        let mut found = windows.filter(|(_, window)| *window == self.boundary.as_slice());
        found.find_map(|(at, _)| {
            let at = from + at;
            let before = text.get(..at)?;
            let end = match before {
                [] => 0,
                [.., b'\r', b'\n'] => at - 2,
                [.., b'\n'] => at - 1,
                _ => return None,
            };
            Some((end, at + length))
        })
    }
}
