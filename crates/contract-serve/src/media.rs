//! Media types: ranges of them, bodies that say which type they are of, and what a caller accepts.

use axum::body::Bytes;
use axum::http::{HeaderMap, header};

/// A body whose media type the contract leaves open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blob {
    /// `Content-Type`, with its parameters.
    pub content_type: String,
    /// Content.
    pub bytes: Bytes,
}

/// A value whose media type is one of a range, such as `application/*+json`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed<T> {
    /// `Content-Type`, with its parameters.
    pub content_type: String,
    /// The value.
    pub body: T,
}

/// Main type and subtype of a media type, without parameters.
fn halves(media_type: &str) -> Option<(&str, &str)> {
    let name = media_type.split(';').next()?;
    let (main, sub) = name.trim().split_once('/')?;
    (!main.is_empty() && !sub.is_empty()).then_some((main, sub))
}

fn starts_with(text: &str, start: &str) -> bool {
    let found = text.as_bytes().get(..start.len());
    found.is_some_and(|found| found.eq_ignore_ascii_case(start.as_bytes()))
}

fn ends_with(text: &str, end: &str) -> bool {
    let at = text.len().checked_sub(end.len());
    let found = at.and_then(|at| text.as_bytes().get(at..));
    found.is_some_and(|found| found.eq_ignore_ascii_case(end.as_bytes()))
}

/// Whether `media_type` is `range`, or one of it: `*/*`, `image/*`, `application/*+json`.
pub(crate) fn covers(range: &str, media_type: &str) -> bool {
    let (Some((main, sub)), Some((its_main, its_sub))) = (halves(range), halves(media_type)) else {
        return false;
    };
    let is_sub = match sub.split_once('*') {
        Some((start, end)) => {
            its_sub.len() >= start.len() + end.len()
                && starts_with(its_sub, start)
                && ends_with(its_sub, end)
        }
        None => sub.eq_ignore_ascii_case(its_sub),
    };
    is_sub && (main == "*" || main.eq_ignore_ascii_case(its_main))
}

/// How closely `range` says what it covers: a single type before `image/*`, and that before `*/*`.
pub(crate) fn closeness(range: &str) -> usize {
    match halves(range) {
        Some(("*", "*")) | None => 0,
        Some(("*", _)) => 1,
        Some((_, "*")) => 2,
        Some((_, sub)) if sub.contains('*') => 2 + sub.len(),
        Some(_) => usize::MAX,
    }
}

/// Whether an answer can say that it is of `content_type`, which a contract declares as `range`.
pub(crate) fn is_single(range: &str, content_type: &str) -> bool {
    !content_type.contains('*') && covers(range, content_type)
}

/// What a caller accepts as the media type of an answer: the header `Accept` (RFC 9110, section 12.5.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accept {
    /// Ranges, each with its quality in thousandths; none: anything is accepted.
    ranges: Vec<(String, u16)>,
}

impl Accept {
    /// What `headers` say. A range that is none is passed over.
    pub(crate) fn read(headers: &HeaderMap) -> Accept {
        let lines = headers.get_all(header::ACCEPT).iter();
        let lines = lines.filter_map(|line| line.to_str().ok());
        let ranges = lines.flat_map(|line| line.split(',')).filter_map(|range| {
            let (name, parameters) = range.split_once(';').unwrap_or((range, ""));
            let (main, sub) = halves(name)?;
            let name = format!("{main}/{sub}").to_ascii_lowercase();
            let mut qualities = parameters.split(';').filter_map(|parameter| {
                let (name, value) = parameter.split_once('=')?;
                name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
            });
            Some((name, qualities.next().map_or(1000, thousandths)))
        });
        Accept {
            ranges: ranges.collect(),
        }
    }

    /// How much `media_type` is wanted, from 0, not at all, to 1: by the range that covers it most closely.
    pub fn quality(&self, media_type: &str) -> f32 {
        f32::from(self.weight(media_type)) / 1000.0
    }

    fn weight(&self, media_type: &str) -> u16 {
        if self.ranges.is_empty() {
            return 1000;
        }
        let covering = self
            .ranges
            .iter()
            .filter(|(range, _)| covers(range, media_type));
        let closest = covering.max_by_key(|(range, _)| closeness(range));
        closest.map_or(0, |(_, quality)| *quality)
    }

    /// The one of `media_types` that is wanted most; of several that are wanted alike, the first. `None`: none is
    /// accepted, and it is up to the handler whether to answer all the same.
    pub fn prefers<'m>(&self, media_types: &[&'m str]) -> Option<&'m str> {
        let mut best: Option<(&str, u16)> = None;
        for media_type in media_types {
            let weight = self.weight(media_type);
            if weight > best.map_or(0, |(_, best)| best) {
                best = Some((media_type, weight));
            }
        }
        best.map(|(media_type, _)| media_type)
    }

    /// The ranges as they were sent, in lower case, each with its quality; none: anything is accepted.
    pub fn ranges(&self) -> impl Iterator<Item = (&str, f32)> {
        let ranges = self.ranges.iter();
        ranges.map(|(range, quality)| (range.as_str(), f32::from(*quality) / 1000.0))
    }
}

/// A quality value in thousandths; one that is none counts as the least that is wanted at all.
fn thousandths(text: &str) -> u16 {
    match text.parse::<f32>() {
        Ok(quality) if (0.0..=1.0).contains(&quality) => (quality * 1000.0).round() as u16,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn accept(text: &'static str) -> Accept {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(text));
        Accept::read(&headers)
    }

    #[test]
    fn ranges_cover_types_by_their_halves_and_suffix() {
        assert!(covers("*/*", "image/png"));
        assert!(covers("image/*", "IMAGE/PNG; a=b"));
        assert!(covers("application/*+json", "application/vnd.x+JSON"));
        assert!(!covers("application/*+json", "application/json"));
        assert!(!covers("image/*", "text/plain"));
        assert!(!covers("*/*", "nothing"));
        assert!(!covers("*/*", "/"));
        assert!(covers("text/csv", "Text/CSV"));
    }

    #[test]
    fn the_closest_range_says_how_much_a_type_is_wanted() {
        let accept = accept("text/*;q=0.3, text/html;q=0.7, text/plain;q=0, */*;q=0.5");
        assert_eq!(accept.quality("text/html"), 0.7);
        assert_eq!(accept.quality("text/csv"), 0.3);
        assert_eq!(accept.quality("text/plain"), 0.0);
        assert_eq!(accept.quality("image/png"), 0.5);
        let declared = ["text/csv", "text/html", "image/png"];
        assert_eq!(accept.prefers(&declared), Some("text/html"));
    }

    #[test]
    fn without_a_header_the_first_type_is_taken() {
        let declared = ["text/csv", "text/html"];
        assert_eq!(Accept::default().prefers(&declared), Some("text/csv"));
        assert_eq!(accept("image/png").prefers(&declared), None);
        assert_eq!(accept("text/csv;q=0").prefers(&declared), None);
    }
}
