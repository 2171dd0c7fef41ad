//! Sequences are read as their formats say, in whatever pieces they arrive.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use contract_wire::{
    EventData, Framing, ItemFlaw, ItemReader, Part, Plain, Rule, decode_with, write_end, write_item,
};
use serde_json::{Value, json};

const LIMIT: usize = 1000;

/// Every item of `text` that arrives in pieces of so many bytes; flaws as text.
fn pieces(framing: Framing, text: &[u8], size: usize) -> Vec<Result<Value, String>> {
    let decode = |bytes: &[u8]| decode_with::<Plain<Value>>(bytes, |_| true, &Rule::Any);
    let mut reader = ItemReader::new(framing, LIMIT, decode);
    let mut read = Vec::new();
    let mut all = |reader: &mut ItemReader<Value>| {
        while let Some(item) = reader.next() {
            assert_eq!(item.number as usize, read.len() + 1);
            read.push(item.item.map_err(|flaw| flaw.to_string()));
        }
    };
    for piece in text.chunks(size) {
        reader.push(piece);
        all(&mut reader);
    }
    reader.end();
    all(&mut reader);
    assert!(reader.next().is_none(), "the end is the end");
    read
}

/// The same, however it arrives.
fn read(framing: Framing, text: impl AsRef<[u8]>) -> Vec<Result<Value, String>> {
    let text = text.as_ref();
    let whole = pieces(framing, text, text.len().max(1));
    for size in [1, 2, 3, 7] {
        assert_eq!(pieces(framing, text, size), whole, "in pieces of {size}");
    }
    whole
}

fn events(data: EventData, text: &str) -> Vec<Result<Value, String>> {
    read(Framing::Events(data), text)
}

#[test]
fn lines_end_with_line_feeds_and_empty_ones_are_nothing() {
    let lines = read(
        Framing::Lines,
        "{\"a\":1}\r\n\n  [2] \n\t\n\"\u{1f980}\"\nnull",
    );
    assert_eq!(
        lines,
        [
            Ok(json!({"a": 1})),
            Ok(json!([2])),
            Ok(json!("\u{1f980}")),
            Ok(json!(null))
        ]
    );
    assert_eq!(read(Framing::Lines, ""), []);
}

#[test]
fn a_line_that_is_wrong_is_one_item_and_one_that_breaks_off_the_last() {
    let lines = read(Framing::Lines, "1\n{\n2\n{\"a\":");
    let unfinished = "not JSON: the text ends inside an object at line 1 column 1".to_owned();
    let last = Err(ItemFlaw::Truncated.to_string());
    assert_eq!(lines, [Ok(json!(1)), Err(unfinished), Ok(json!(2)), last]);
}

#[test]
fn an_item_has_a_limit() {
    let long = "x".repeat(LIMIT);
    for (framing, text) in [
        (Framing::Lines, format!("1\n\"{long}\"\n2\n")),
        (
            Framing::Records,
            format!("\u{1e}1\n\u{1e}\"{long}\"\n\u{1e}2\n"),
        ),
        (
            Framing::Events(EventData::Text),
            format!("data: 1\n\ndata: {long}\ndata: x\n\ndata: 2\n\n"),
        ),
    ] {
        let flaw = Err(ItemFlaw::TooLarge(LIMIT).to_string());
        let items = read(framing, text);
        assert_eq!(items.len(), 2, "{framing:?}: {items:?}");
        assert_eq!(items[1], flaw, "{framing:?}");
    }
}

#[test]
fn records_stand_behind_separators() {
    let records = read(
        Framing::Records,
        "\u{1e}\u{1e}{\"a\":\n[1]}\n\u{1e}\"b\"\n\u{1e}12\n",
    );
    assert_eq!(
        records,
        [Ok(json!({"a": [1]})), Ok(json!("b")), Ok(json!(12))]
    );
}

#[test]
fn a_record_that_may_have_lost_something_is_truncated() {
    // RFC 7464, section 2.4: what nothing closes needs a line end.
    for (text, expected) in [
        ("\u{1e}12", vec![Err(())]),
        ("\u{1e}true\u{1e}[1]\n", vec![Err(()), Ok(json!([1]))]),
        ("\u{1e}{\"a\":\u{1e}2\n", vec![Err(()), Ok(json!(2))]),
        ("\u{1e}{\"a\":1}", vec![Ok(json!({"a": 1}))]),
        ("\u{1e}\"a", vec![Err(())]),
    ] {
        let flaw = ItemFlaw::Truncated.to_string();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|it| it.map_err(|()| flaw.clone()))
            .collect();
        assert_eq!(read(Framing::Records, text), expected, "{text:?}");
    }
}

#[test]
fn events_are_parsed_as_the_standard_has_it() {
    // With the examples of the standard, section 9.2.6.
    for (text, expected) in [
        (
            "data: YHOO\ndata: +2\ndata: 10\n\n",
            vec![json!({"data": "YHOO\n+2\n10"})],
        ),
        (
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            vec![
                json!({"data": "first event", "id": "1"}),
                json!({"data": "second event", "id": ""}),
                json!({"data": " third event"}),
            ],
        ),
        (
            "data\n\ndata\ndata\n\ndata:",
            vec![json!({"data": ""}), json!({"data": "\n"})],
        ),
        (
            "data:test\n\ndata: test\n\n",
            vec![json!({"data": "test"}), json!({"data": "test"})],
        ),
        // A byte order mark, all ends of lines, and what is unknown.
        (
            "\u{feff}data: a\r\n\r\ndata: b\r\rdata: c\n\r\n",
            vec![
                json!({"data": "a"}),
                json!({"data": "b"}),
                json!({"data": "c"}),
            ],
        ),
        (
            "\u{feff}\u{feff}data: a\n\ndata: b\n\n",
            vec![json!({"data": "b"})],
        ),
        (
            "event: x\n\ndata: a\nDATA: b\ndata2: c\n\n",
            vec![json!({"data": "a"})],
        ),
        ("event: x\ndata: a\nevent:\n\n", vec![json!({"data": "a"})]),
        ("id: a\0b\ndata: a\n\n", vec![json!({"data": "a"})]),
        (
            "retry: 10\ndata: a\n\nretry: x\nretry: -1\nretry:\ndata: b\n\n",
            vec![json!({"data": "a", "retry": 10}), json!({"data": "b"})],
        ),
        // What is not ended is none.
        ("data: a\n\ndata: b\n", vec![json!({"data": "a"})]),
        ("data: a\n\ndata: b", vec![json!({"data": "a"})]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(Ok).collect();
        assert_eq!(events(EventData::Text, text), expected, "{text:?}");
    }
}

#[test]
fn data_is_what_the_contract_says() {
    let text = "data: {\"a\":\ndata: 1.10}\nid: x\n\ndata: plain\n\ndata: 5\nevent: e\n\n";
    let json = events(EventData::Json, text);
    assert_eq!(json[0], Ok(json!({"data": {"a": 1.10}, "id": "x"})));
    let flaw = "not JSON: the data of the event is no value at line 1 column 1";
    assert_eq!(json[1], Err(flaw.to_owned()));
    assert_eq!(json[2], Ok(json!({"data": 5, "event": "e"})));
    let either = events(EventData::Either, text);
    assert_eq!(either[1], Ok(json!({"data": "plain"})));
    // Nothing that is put into an object can add to it.
    let evil = events(EventData::Json, "data: 1,\"id\":\"y\"\n\n");
    assert!(evil[0].is_err(), "{evil:?}");
}

#[test]
fn the_last_event_of_many_services_ends_what_is_json() {
    let text = "data: 1\n\ndata: [DONE]\n\ndata: 2\n\n";
    assert_eq!(events(EventData::Json, text), [Ok(json!({"data": 1}))]);
    assert_eq!(events(EventData::Text, text).len(), 3);
}

#[test]
fn what_is_written_is_read_again() {
    let items = [
        json!({"data": "a\nb", "id": "1", "event": "e", "retry": 5}),
        json!({"data": ""}),
    ];
    let mut text = Vec::new();
    for item in &items {
        contract_wire::write_item(Framing::Events(EventData::Text), item, &mut text).unwrap();
    }
    let expected: Vec<_> = items.into_iter().map(Ok).collect();
    assert_eq!(read(Framing::Events(EventData::Text), &text), expected);
    let values = [json!("a\u{1e}\nb"), json!([1, {"a": null}]), json!(5)];
    for framing in [Framing::Lines, Framing::Records] {
        let mut text = Vec::new();
        for value in &values {
            contract_wire::write_item(framing, value, &mut text).unwrap();
        }
        let expected: Vec<_> = values.iter().cloned().map(Ok).collect();
        assert_eq!(read(framing, &text), expected, "{framing:?}");
    }
}

#[test]
fn what_no_event_can_hold_is_not_written() {
    for item in [
        json!({"data": "a", "id": "1\n2"}),
        json!({"data": "a", "event": "a\rb"}),
        json!({"data": "a", "more": 1}),
        json!("a"),
    ] {
        let mut text = Vec::new();
        let written = contract_wire::write_item(Framing::Events(EventData::Text), &item, &mut text);
        assert!(written.is_err(), "{item}");
    }
}

/// The parts of `text` that arrives in pieces of so many bytes, and what is wrong with the last.
fn parts(text: &[u8], size: usize) -> (Vec<Part>, Option<ItemFlaw>) {
    let mut reader = ItemReader::new(Framing::Parts(0), LIMIT, |part: &[u8]| Ok(Part::read(part)));
    reader.set_content_type("multipart/mixed; a=b; Boundary=\"00000000000000000000000000000007\"");
    let (mut read, mut flaw) = (Vec::new(), None);
    let mut all = |reader: &mut ItemReader<Part>| {
        while let Some(item) = reader.next() {
            match item.item {
                Ok(part) => read.push(part),
                Err(found) => flaw = Some(found),
            }
        }
    };
    for piece in text.chunks(size) {
        reader.push(piece);
        all(&mut reader);
    }
    reader.end();
    all(&mut reader);
    (read, flaw)
}

#[test]
fn parts_are_what_was_written_in_whatever_pieces_they_arrive() {
    let framing = Framing::Parts(7);
    let mut second = Part::new("image/png", [0, 13, 10, 45, 45, 48, 10, 13, 10]);
    second
        .headers
        .push(("content-id".to_owned(), "<a:b>".to_owned()));
    let written = [
        Part::new("text/plain", "--0000000000000000\r\n--"),
        second,
        Part::new("application/octet-stream", []),
        Part::new("text/plain", "\r\n\r\n"),
    ];
    let mut text = b"before\r\n".to_vec();
    for part in &written {
        write_item(framing, part, &mut text).unwrap();
    }
    let open = text.len();
    write_end(framing, &mut text);
    text.extend_from_slice(b"behind");
    for size in [1, 2, 3, 7, 1000] {
        assert_eq!(
            parts(&text, size),
            (written.to_vec(), None),
            "in pieces of {size}"
        );
        // The last one may go on.
        let (read, flaw) = parts(&text[..open], size);
        assert_eq!(read, written[..3], "in pieces of {size}");
        assert_eq!(flaw, Some(ItemFlaw::Truncated), "in pieces of {size}");
    }
    let large = Part::new("text/plain", "x".repeat(2 * LIMIT));
    let mut text = Vec::new();
    write_item(framing, &large, &mut text).unwrap();
    write_end(framing, &mut text);
    for size in [7, 10_000] {
        assert_eq!(
            parts(&text, size),
            (Vec::new(), Some(ItemFlaw::TooLarge(LIMIT)))
        );
    }
    let unfit = Part::new("text/plain\r\nx: y", []);
    assert!(write_item(framing, &unfit, &mut text).is_err());
}
