//! Writing JSON: into memory, in blocks, byte for byte what `serde_json` writes.
//!
//! Most of an answer is names and texts, of which hardly any needs an escape. They are looked at eight bytes at a
//! time; everything that is not that simple is left to `serde_json`.

use std::cell::Cell;

use axum::body::Bytes;
use serde::Serialize;
use serde::ser::{
    Error as _, Impossible, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::Error;

thread_local! {
    /// Where JSON is written before its length is known: it grows once, not with every answer, and
    /// what is sent is a block of the right size.
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// What a thread keeps for the next answer.
const SCRATCH_BYTES: usize = 64 * 1024;

/// A value as JSON.
///
/// # Errors
/// It cannot be written as JSON, such as a map whose keys are no texts.
pub(crate) fn json_bytes<T: Serialize>(value: &T) -> Result<Bytes, Error> {
    // Taken, not borrowed: if writing fails halfway or panics, the next answer starts anew.
    let mut blocks = Blocks {
        full: Vec::new(),
        last: SCRATCH.take(),
    };
    value.serialize(&mut Json(&mut blocks))?;
    Ok(blocks.into_bytes())
}

/// An answer on its way into memory, in blocks. After each of them, whoever waits for the processor has it.
struct Blocks {
    full: Vec<Vec<u8>>,
    last: Vec<u8>,
}

impl Blocks {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        // What is asked here is not asked again below.
        if bytes.len() > self.last.capacity() - self.last.len() {
            self.make_room(bytes.len());
        }
        self.last.extend_from_slice(bytes);
    }

    /// Puts a text that needs no escape, between quotes.
    #[inline]
    fn put_plain(&mut self, text: &[u8]) {
        let bytes = text.len() + 2;
        if bytes > self.last.capacity() - self.last.len() {
            self.make_room(bytes);
        }
        self.last.push(b'"');
        self.last.extend_from_slice(text);
        self.last.push(b'"');
    }

    /// Begins the next block, with room for so much.
    #[cold]
    fn make_room(&mut self, bytes: usize) {
        let next = Vec::with_capacity(bytes.max(SCRATCH_BYTES));
        let full = std::mem::replace(&mut self.last, next);
        if !full.is_empty() {
            self.full.push(full);
            std::thread::yield_now();
        }
    }

    /// All that was written.
    fn into_bytes(self) -> Bytes {
        if self.full.is_empty() {
            let bytes = Bytes::copy_from_slice(&self.last);
            let mut scratch = self.last;
            scratch.clear();
            scratch.shrink_to(SCRATCH_BYTES);
            SCRATCH.set(scratch);
            return bytes;
        }
        let blocks = || self.full.iter().chain([&self.last]);
        let mut all = Vec::with_capacity(blocks().map(Vec::len).sum());
        blocks().for_each(|block| all.extend_from_slice(block));
        Bytes::from(all)
    }
}

impl std::io::Write for Blocks {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.put(bytes);
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.put(bytes);
        Ok(())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Whether a byte of the text is a control character, a quote or a backslash (RFC 8259, section 7).
#[inline]
fn needs_escapes(text: &[u8]) -> bool {
    let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) else {
        return match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                let [first, last] = [first, last].map(|it| u64::from(u32::from_le_bytes(*it)));
                marks(first | last << 32) != 0
            }
            _ => text
                .iter()
                .any(|byte| matches!(byte, 0..0x20 | b'"' | b'\\')),
        };
    };
    let (chunks, _) = text.as_chunks::<8>();
    let _: &[u8; 8] = first;
    let mut found = marks(u64::from_le_bytes(*last));
    for chunk in chunks {
        found |= marks(u64::from_le_bytes(*chunk));
    }
    found != 0
}

/// Not zero if one of eight bytes needs an escape. A byte below another is found by what subtracting borrows from
/// its highest bit; one that is equal, by being zero after taking the other away.
#[inline]
fn marks(bytes: u64) -> u64 {
    const EACH: u64 = u64::from_le_bytes([1; 8]);
    let quotes = bytes ^ (EACH * 0x22);
    let backslashes = bytes ^ (EACH * 0x5c);
    let controls = bytes.wrapping_sub(EACH * 0x20) & !bytes;
    let quotes = quotes.wrapping_sub(EACH) & !quotes;
    let backslashes = backslashes.wrapping_sub(EACH) & !backslashes;
    (controls | quotes | backslashes) & (EACH * 0x80)
}

/// A value on its way.
struct Json<'b>(&'b mut Blocks);

impl Json<'_> {
    #[inline]
    fn text(&mut self, text: &str) -> Result<(), Error> {
        if needs_escapes(text.as_bytes()) {
            return serde_json::to_writer(&mut *self.0, text);
        }
        self.0.put_plain(text.as_bytes());
        Ok(())
    }
}

/// What `serde_json` writes.
macro_rules! as_serde_json_writes {
    ($($method:ident($type:ty))*) => { $(
        fn $method(self, value: $type) -> Result<(), Error> {
            serde_json::Serializer::new(&mut *self.0).$method(value)
        }
    )* };
}

impl<'j, 'b> Serializer for &'j mut Json<'b> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Parts<'j, 'b>;
    type SerializeTuple = Parts<'j, 'b>;
    type SerializeTupleStruct = Parts<'j, 'b>;
    type SerializeTupleVariant = Parts<'j, 'b>;
    type SerializeMap = Parts<'j, 'b>;
    type SerializeStruct = Parts<'j, 'b>;
    type SerializeStructVariant = Parts<'j, 'b>;

    as_serde_json_writes! {
        serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64) serialize_i128(i128)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64) serialize_u128(u128)
        serialize_f32(f32) serialize_f64(f64) serialize_char(char) serialize_bytes(&[u8])
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.0.put(if value { b"true" } else { b"false" });
        Ok(())
    }

    #[inline]
    fn serialize_str(self, text: &str) -> Result<(), Error> {
        self.text(text)
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.0.put(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let mut map = self.serialize_map(None)?;
        map.serialize_entry(variant, value)?;
        SerializeMap::end(map)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'j, 'b>, Error> {
        Ok(Parts::begin(self, b"[", b"]"))
    }

    fn serialize_tuple(self, length: usize) -> Result<Parts<'j, 'b>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        length: usize,
    ) -> Result<Parts<'j, 'b>, Error> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'j, 'b>, Error> {
        self.0.put(b"{");
        self.text(variant)?;
        Ok(Parts::begin(self, b":[", b"]}"))
    }

    #[inline]
    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'j, 'b>, Error> {
        Ok(Parts::begin(self, b"{", b"}"))
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Parts<'j, 'b>, Error> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'j, 'b>, Error> {
        self.0.put(b"{");
        self.text(variant)?;
        Ok(Parts::begin(self, b":{", b"}}"))
    }
}

/// A list or an object on its way.
struct Parts<'j, 'b> {
    json: &'j mut Json<'b>,
    is_first: bool,
    end: &'static [u8],
}

impl<'j, 'b> Parts<'j, 'b> {
    #[inline]
    fn begin(json: &'j mut Json<'b>, begin: &[u8], end: &'static [u8]) -> Parts<'j, 'b> {
        json.0.put(begin);
        Parts {
            json,
            is_first: true,
            end,
        }
    }

    #[inline]
    fn next(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.json.0.put(b",");
        }
    }

    #[inline]
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.next();
        value.serialize(&mut *self.json)
    }

    #[inline]
    fn named<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Error> {
        self.next();
        self.json.text(name)?;
        self.json.0.put(b":");
        value.serialize(&mut *self.json)
    }

    #[inline]
    fn end(self) -> Result<(), Error> {
        self.json.0.put(self.end);
        Ok(())
    }
}

impl SerializeMap for Parts<'_, '_> {
    type Ok = ();
    type Error = Error;

    #[inline]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.next();
        key.serialize(Key(self.json))
    }

    #[inline]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.json.0.put(b":");
        value.serialize(&mut *self.json)
    }

    fn end(self) -> Result<(), Error> {
        Parts::end(self)
    }
}

/// The other kinds of lists and objects are the same.
macro_rules! as_parts {
    ($($kind:ident { $method:ident $(, $name:ident)? })*) => { $(
        impl $kind for Parts<'_, '_> {
            type Ok = ();
            type Error = Error;

            #[inline]
            fn $method<T: Serialize + ?Sized>(
                &mut self,
                $($name: &'static str,)?
                value: &T,
            ) -> Result<(), Error> {
                as_parts!(self, value $(, $name)?)
            }

            fn end(self) -> Result<(), Error> {
                Parts::end(self)
            }
        }
    )* };
    ($parts:ident, $value:ident, $name:ident) => { $parts.named($name, $value) };
    ($parts:ident, $value:ident) => { $parts.item($value) };
}

as_parts! {
    SerializeSeq { serialize_element }
    SerializeTuple { serialize_element }
    SerializeTupleStruct { serialize_field }
    SerializeTupleVariant { serialize_field }
    SerializeStruct { serialize_field, name }
    SerializeStructVariant { serialize_field, name }
}

/// The name of a property, which is a text.
struct Key<'j, 'b>(&'j mut Json<'b>);

fn no_text<T>() -> Result<T, Error> {
    Err(Error::custom("the name of a property must be a text"))
}

macro_rules! no_texts {
    ($($method:ident($($type:ty),*) -> $result:ty;)*) => { $(
        fn $method(self, $(_: $type),*) -> Result<$result, Error> {
            no_text()
        }
    )* };
}

impl Serializer for Key<'_, '_> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Impossible<(), Error>;
    type SerializeTuple = Impossible<(), Error>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Impossible<(), Error>;
    type SerializeStruct = Impossible<(), Error>;
    type SerializeStructVariant = Impossible<(), Error>;

    #[inline]
    fn serialize_str(self, text: &str) -> Result<(), Error> {
        self.0.text(text)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), Error> {
        self.0.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<(), Error> {
        no_text()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Error> {
        no_text()
    }

    no_texts! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_seq(Option<usize>) -> Self::SerializeSeq;
        serialize_tuple(usize) -> Self::SerializeTuple;
        serialize_tuple_struct(&'static str, usize) -> Self::SerializeTupleStruct;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Self::SerializeTupleVariant;
        serialize_map(Option<usize>) -> Self::SerializeMap;
        serialize_struct(&'static str, usize) -> Self::SerializeStruct;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> Self::SerializeStructVariant;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io::Write as _;

    use serde_json::{Value, json};

    use super::*;

    fn written<T: Serialize>(value: &T) -> Option<String> {
        let bytes = json_bytes(value).ok()?;
        Some(String::from_utf8(bytes.to_vec()).expect("JSON is UTF-8"))
    }

    /// Every kind of value that serde has.
    #[derive(Serialize)]
    enum Kind {
        Unit,
        Newtype(u8),
        Tuple(i64, Option<f32>),
        Struct { name: char, none: Option<()> },
    }

    #[derive(Serialize)]
    struct Newtype(&'static str);

    #[derive(Serialize)]
    struct All {
        kinds: Vec<Kind>,
        tuple: (Newtype, bool, f64),
        large: (u64, i64, u128),
        map: BTreeMap<String, Value>,
        empty: ([u8; 0], BTreeMap<String, u8>),
    }

    #[test]
    fn it_is_what_serde_json_writes() {
        let struct_ = Kind::Struct {
            name: '"',
            none: None,
        };
        let all = All {
            kinds: vec![
                Kind::Unit,
                Kind::Newtype(7),
                Kind::Tuple(-1, Some(0.1)),
                struct_,
            ],
            tuple: (Newtype("é\u{7f}"), false, f64::NAN),
            large: (u64::MAX, i64::MIN, u128::MAX),
            map: BTreeMap::from([
                (
                    "a\"b".to_owned(),
                    json!({ "x": [1, 2.5, 1e300, null, true, {}] }),
                ),
                ("\u{0}".to_owned(), json!("tab\tnew\nline")),
            ]),
            empty: Default::default(),
        };
        assert_eq!(written(&all), serde_json::to_string(&all).ok());
    }

    #[test]
    fn every_byte_at_every_place_of_a_text_is_escaped_as_needed() {
        for length in 0..40 {
            for place in 0..length {
                for letter in (0..0x180).filter_map(char::from_u32) {
                    let mut text = "x".repeat(length);
                    text.replace_range(place..=place, letter.encode_utf8(&mut [0; 4]));
                    assert_eq!(written(&text), serde_json::to_string(&text).ok());
                }
            }
        }
    }

    #[test]
    fn a_map_whose_keys_are_no_texts_is_not_written() {
        assert_eq!(written(&BTreeMap::from([(1, 2)])), None);
        // And nothing of it is left for the next one.
        assert_eq!(written(&json!({"a": 1})).as_deref(), Some(r#"{"a":1}"#));
    }

    #[test]
    fn an_answer_is_what_was_written_whatever_its_size() {
        for sizes in [
            vec![],
            vec![0],
            vec![1, 2, 3],
            vec![SCRATCH_BYTES],
            vec![SCRATCH_BYTES, 1],
            vec![SCRATCH_BYTES - 1, 1, 1],
            vec![3 * SCRATCH_BYTES, 5, SCRATCH_BYTES + 1],
            vec![1000; 300],
        ] {
            let mut blocks = Blocks {
                full: Vec::new(),
                last: SCRATCH.take(),
            };
            let mut expected = Vec::new();
            for (index, size) in sizes.iter().enumerate() {
                let piece = vec![b'a' + (index % 26) as u8; *size];
                blocks.write_all(&piece).expect("memory");
                expected.extend(piece);
            }
            assert!(blocks.into_bytes() == expected, "{sizes:?}");
        }
        assert!(SCRATCH.take().capacity() <= SCRATCH_BYTES);
    }
}
