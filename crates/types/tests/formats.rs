//! Formats give the verdict of their standards, and that of an independent judge.

#![allow(missing_docs, reason = "a test")]

use serde_json::json;
use types::support::format::Format;

const DATE_TIMES: &[&str] = &[
    "2025-01-31T09:30:00Z",
    "2025-01-31t09:30:00z",
    "2025-01-31T09:30:00.123456789+02:00",
    "2024-02-29T00:00:00-23:59",
    "2025-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2000-02-29T00:00:00Z",
    "2025-04-31T00:00:00Z",
    "2025-13-01T00:00:00Z",
    "2025-00-01T00:00:00Z",
    "2025-01-00T00:00:00Z",
    "2025-01-31 09:30:00Z",
    "2025-01-31T09:30:00",
    "2025-01-31T24:00:00Z",
    "2025-01-31T09:60:00Z",
    "2016-12-31T23:59:60Z",
    "2016-12-31T22:59:60Z",
    "2016-12-31T22:59:60-01:00",
    "2017-01-01T01:59:60+02:00",
    "2017-01-01T00:29:60+00:30",
    "2025-01-31T09:30:00.Z",
    "2025-01-31T09:30:00+24:00",
    "2025-01-31T09:30:00+02:60",
    "2025-01-31T09:30:00+0200",
    "2025-01-31T09:30Z",
    "25-01-31T09:30:00Z",
    "2025-1-31T09:30:00Z",
    "2025-01-31T9:30:00Z",
    "+025-01-31T09:30:00Z",
    "２025-01-31T09:30:00Z",
    "2025-01-31T09:30:00Zx",
    "T09:30:00Z",
    "2025-01-31T",
    "",
    "2025-01-31T09:30:61Z",
    "2025-01-31T25:59:60Z",
];
const EMAILS: &[&str] = &[
    "a@b",
    "jane.doe@example.com",
    "jane+tag@example.co.uk",
    "a.b.c@d.e.f",
    "o'brien@example.com",
    "!#$%&'*+-/=?^_`{|}~@example.com",
    "\"jane doe\"@example.com",
    "\"a@b\"@example.com",
    "\"\"@example.com",
    "\"a\\\"b\"@example.com",
    "\"a\"b\"@example.com",
    "\"@example.com",
    "\"a\\ü\"@example.com",
    "a@[127.0.0.1]",
    "a@[IPv6:::1]",
    "a@[ipv6:::1]",
    "a@[::1]",
    "a@[300.0.0.1]",
    "a@[IPv6:xyz]",
    "a@[]",
    "a@[IPv6:]",
    "@example.com",
    "a@",
    "a",
    "",
    "a@b@c",
    ".a@b.c",
    "a.@b.c",
    "a..b@c.d",
    "a b@c.d",
    "a@b c",
    "a@-b.c",
    "a@b-.c",
    "a@b..c",
    "a@.b",
    "a@b.",
    "jane@exämple.com",
    "jäne@example.com",
    "a@b_c.d",
    "a@xn--bcher-kva.example",
    "a@ab--cd.example",
    "a,b@c.d",
    "a(b)@c.d",
    "a@b.c\n",
    " a@b.c",
];
const URIS: &[&str] = &[
    "https://example.com",
    "https://example.com/",
    "http://user:pw@host:8080/a/b?c=d&e#f",
    "mailto:a@b.c",
    "urn:isbn:0451450523",
    "a:",
    "a:b",
    "file:///etc/hosts",
    "http://",
    "http://[::1]/",
    "http://[::1]:80",
    "http://[v1.fe:d]/",
    "http://[vz.a]/",
    "http://[::g]/",
    "http://[::1",
    "http://::1]",
    "http://[::1]x/",
    "http://a[b]/",
    "http://host:port/",
    "http://host:",
    "http://h%41st/",
    "http://h%4/",
    "http://h/%zz",
    "http://h/ ",
    "http://h/ü",
    "1http://h",
    "+a:b",
    "//h/p",
    "/p",
    "p",
    "",
    ":",
    "http",
    "http:/p//q",
    "http://h/a|b",
    "http://h/{a}",
    "http://h?q=[1]",
    "http://h#a#b",
    "http://h?a?b",
    "http://h/a\\b",
    "http://a@b@c/",
    "ht tp://h",
    "http://h/\"",
    "http://h/<a>",
    "data:text/plain;base64,SGk=",
    "http://u%40x@h/",
    "http://h/'()*!$;,=~_.-",
];
const UUIDS: &[&str] = &[
    "123e4567-e89b-12d3-a456-426614174000",
    "123E4567-E89B-12D3-A456-426614174000",
    "00000000-0000-0000-0000-000000000000",
    "123e4567e89b12d3a456426614174000",
    "{123e4567-e89b-12d3-a456-426614174000}",
    "123e4567-e89b-12d3-a456-42661417400",
    "123e4567-e89b-12d3-a456-4266141740000",
    "123e4567-e89b-12d3-a456-42661417400g",
    "123e4567-e89b-12d3-a4564-26614174000",
    "",
    "urn:uuid:123e4567-e89b-12d3-a456-426614174000",
];
const ADDRESSES: &[&str] = &[
    "127.0.0.1",
    "0.0.0.0",
    "255.255.255.255",
    "256.0.0.1",
    "1.2.3",
    "1.2.3.4.5",
    "01.2.3.4",
    "1.2.3.4 ",
    "::",
    "::1",
    "1::",
    "fe80::1%eth0",
    "::ffff:1.2.3.4",
    "1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "12345::",
    ":1",
    "1:::2",
    "",
    "::1.2.3",
    "g::",
];
const TIMES: &[&str] = &[
    "09:30:00Z",
    "09:30:00",
    "23:59:60Z",
    "00:00:60Z",
    "09:30:00.5+01:00",
    "9:30:00Z",
    "09:30:00.5",
    "01:29:60+01:30",
];

#[test]
fn formats_agree_with_an_independent_judge() {
    use Format::{Date, DateTime, Email, Ipv4, Ipv6, Time, Uri, Uuid};
    let dates: Vec<&str> = DATE_TIMES
        .iter()
        .map(|text| text.get(..10).unwrap_or(text))
        .collect();
    let cases: [(Format, &str, &[&str]); 8] = [
        (DateTime, "date-time", DATE_TIMES),
        (Date, "date", &dates),
        (Time, "time", TIMES),
        (Email, "email", EMAILS),
        (Uri, "uri", URIS),
        (Uuid, "uuid", UUIDS),
        (Ipv4, "ipv4", ADDRESSES),
        (Ipv6, "ipv6", ADDRESSES),
    ];
    let mut disagreements = Vec::new();
    for (format, name, texts) in cases {
        let judge = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true)
            // A mailbox of RFC 5321 has no name in front.
            .with_email_options(jsonschema::EmailOptions::default().without_display_text())
            .build(&json!({ "format": name }))
            .unwrap();
        let mut accepted = 0;
        // Each text as it is, and with every character left out, doubled, or replaced.
        for text in texts.iter().flat_map(|text| variants(text)) {
            accepted += usize::from(format.accepts(&text));
            if judge.is_valid(&json!(text)) != format.accepts(&text) && !misjudged(format, &text) {
                disagreements.push(format!("{name} {text:?}: {} here", format.accepts(&text)));
            }
        }
        assert!(accepted > 2, "{name} is never accepted");
    }
    assert!(
        disagreements.is_empty(),
        "{} disagreements:\n{}",
        disagreements.len(),
        disagreements.join("\n")
    );
}

/// Where the judge is known to be wrong or to know more than the standard of the format.
fn misjudged(format: Format, text: &str) -> bool {
    match format {
        // It reads some other characters as digits.
        Format::Date => has_odd_digit(text, &[0, 1, 2, 3, 5, 6, 8, 9]),
        Format::DateTime => {
            misjudged(Format::Date, text)
                || text
                    .get(11..)
                    .is_some_and(|time| misjudged(Format::Time, time))
        }
        Format::Time => {
            let offset = text
                .len()
                .checked_sub(5)
                .and_then(|start| text.get(start..));
            has_odd_digit(text, &[0, 1, 3, 4, 6, 7])
                || offset.is_some_and(|offset| has_odd_digit(offset, &[0, 1, 3, 4]))
        }
        // It decodes internationalised labels.
        Format::Email => text.contains("@xn--"),
        _ => false,
    }
}

fn has_odd_digit(text: &str, places: &[usize]) -> bool {
    places
        .iter()
        .any(|place| matches!(text.as_bytes().get(*place), Some(b'.' | b'-' | b'/' | b'+')))
}

fn variants(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut all = vec![text.to_owned()];
    for index in 0..characters.len() {
        let (before, after) = (&characters[..index], &characters[index + 1..]);
        for middle in [
            vec![],
            vec![characters[index]; 2],
            vec!['0'],
            vec!['9'],
            vec!['a'],
            vec!['.'],
            vec![':'],
            vec!['@'],
            vec!['"'],
            vec!['é'],
            vec!['-'],
            vec!['%'],
            vec!['/'],
            vec![' '],
        ] {
            all.push([before, &middle, after].concat().into_iter().collect());
        }
    }
    all
}
