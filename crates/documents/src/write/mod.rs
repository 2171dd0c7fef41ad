//! Pages as PDF: [`content`] draws them, [`embed`] brings the fonts, [`structure`] the tags; here is what holds
//! them together.

mod content;
mod embed;
mod structure;

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pdf_writer::types::TabOrder;
use pdf_writer::{Date, Filter, Finish, Name, Pdf, Rect, Ref, Settings, TextStr};

use self::embed::Fonts;
use crate::layout::LaidOut;
use crate::page::{HEIGHT, WIDTH};
use crate::text::clean;
use crate::{Document, Error};

/// Longest tag of a language, as BCP 47 advises.
const LONGEST_TAG: usize = 35;

pub(crate) fn write(document: &Document, laid_out: LaidOut) -> Result<Vec<u8>, Error> {
    let LaidOut { pages, mut tree } = laid_out;
    let mut ids = Ids(Ref::new(1));
    let (catalog, page_tree) = (ids.next(), ids.next());
    let mut pdf = Pdf::with_settings(Settings { pretty: false });
    let mut fonts = Fonts::default();

    // Parts of the structure that the marks of each page belong to.
    let mut marked = Vec::new();
    let mut page_ids = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let (bytes, owners) = content::content(page, index, &mut fonts, &mut tree);
        marked.push(owners);
        let (page_id, content_id) = (ids.next(), ids.next());
        page_ids.push(page_id);
        pdf.stream(content_id, &compressed(&bytes))
            .filter(Filter::FlateDecode);
        let mut page = pdf.page(page_id);
        page.parent(page_tree).contents(content_id);
        page.struct_parents(number(index))
            .tab_order(TabOrder::StructureOrder);
    }

    let mut root = pdf.pages(page_tree);
    root.kids(page_ids.iter().copied())
        .count(number(page_ids.len()));
    root.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT));
    // What pages have in common they inherit.
    let mut resources = root.resources();
    let mut named = resources.fonts();
    let used: Vec<_> = fonts.into_used().map(|used| (ids.next(), used)).collect();
    for (id, used) in &used {
        named.pair(used.resource().as_name(), *id);
    }
    named.finish();
    resources.finish();
    root.finish();
    for (id, used) in &used {
        embed::embed(&mut pdf, &mut ids, *id, used)?;
    }

    let structure = structure::write(&mut pdf, &mut ids, &tree, &page_ids, &marked);
    structure::root(&mut pdf, &structure);
    let mut root = pdf.catalog(catalog);
    root.pages(page_tree);
    root.mark_info().marked(true);
    root.viewer_preferences().display_doc_title(true);
    if let Some(language) = language(&document.language) {
        root.lang(TextStr(language));
    }
    root.pair(Name(b"StructTreeRoot"), structure.root);
    root.finish();
    properties(&mut pdf, ids.next(), document);
    Ok(pdf.finish())
}

fn properties(pdf: &mut Pdf, id: Ref, document: &Document) {
    let line = |text: &str| clean(text).replace('\n', " ");
    let mut info = pdf.document_info(id);
    info.title(TextStr(&line(&document.title)));
    if !document.subtitle.is_empty() {
        info.subject(TextStr(&line(&document.subtitle)));
    }
    if let Some(author) = document.letterhead.first() {
        info.author(TextStr(&line(author)));
    }
    if let Some(date) = document.created.and_then(date) {
        info.creation_date(date);
    }
}

/// `None` before the first year that PDF can tell.
fn date(at: Timestamp) -> Option<Date> {
    let at = at.to_zoned(TimeZone::UTC).datetime();
    let part = |part: i8| part.unsigned_abs();
    let date = Date::new(u16::try_from(at.year()).ok()?);
    let date = date
        .month(part(at.month()))
        .day(part(at.day()))
        .hour(part(at.hour()));
    let date = date.minute(part(at.minute())).second(part(at.second()));
    Some(date.utc_offset_hour(0).utc_offset_minute(0))
}

fn language(tag: &str) -> Option<&str> {
    let is_tag = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let fits = (1..=LONGEST_TAG).contains(&tag.len());
    (fits && tag.chars().all(is_tag)).then_some(tag)
}

/// Numbers of the objects, from 1.
struct Ids(Ref);

impl Ids {
    fn next(&mut self) -> Ref {
        self.0.bump()
    }
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let done = encoder.write_all(bytes).and_then(|()| encoder.finish());
    done.expect("memory takes what is written to it")
}

/// Counts of what is limited: pages, and what is on one.
fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
