//! Forms of both kinds: what the client writes is what the server reads, and the rules of the contract hold for it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("forms");

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use api::*;
use client::{Client, Upload};
use types::{
    Box as Square, Circle, Point, Shape, StylesSpread, ValuesEither, ValuesMixedItem, ValuesOne,
};

/// Answers with what it read.
struct Desk;

impl Api for Desk {
    type Contract = Contract;
    type Context = ();
    type Fault = Infallible;

    async fn authenticate(&self, _: Operation, _: Credentials<'_>) -> Result<(), Denial> {
        Ok(())
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> ErrorBody {
        rejection.into()
    }
}

macro_rules! echo {
    ($($name:ident $request:ident $response:ident;)*) => {
        impl DefaultApi for Desk {
            $(async fn $name(&self, request: $request) -> Result<$response, Infallible> {
                Ok($response::Ok(format!("{:?}", request.body)))
            })*
        }
    };
}

echo! {
    send_styles SendStylesRequest SendStylesResponse;
    send_styled_parts SendStyledPartsRequest SendStyledPartsResponse;
    send_values SendValuesRequest SendValuesResponse;
    send_value_parts SendValuePartsRequest SendValuePartsResponse;
    send_closed SendClosedRequest SendClosedResponse;
    send_map SendMapRequest SendMapResponse;
    send_anything SendAnythingRequest SendAnythingResponse;
    send_shape SendShapeRequest SendShapeResponse;
    send_shape_parts SendShapePartsRequest SendShapePartsResponse;
    send_files SendFilesRequest SendFilesResponse;
    send_rules SendRulesRequest SendRulesResponse;
    send_counts SendCountsRequest SendCountsResponse;
    send_import SendImportRequest SendImportResponse;
    send_attachment SendAttachmentRequest SendAttachmentResponse;
}

async fn site() -> (SocketAddr, Client) {
    let router = Mount::new(Arc::new(Desk)).default().finish();
    let address = samples::serve(router).await;
    let client = Client::builder(format!("http://{address}"));
    (address, client.build().unwrap())
}

/// Status and body of the answer to a form.
async fn post(address: SocketAddr, path: &str, media_type: &str, body: &str) -> (u16, String) {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {media_type}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let answer = samples::raw(address, request.as_bytes()).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), body.to_owned())
}

async fn urlencoded(address: SocketAddr, path: &str, body: &str) -> (u16, String) {
    post(address, path, "application/x-www-form-urlencoded", body).await
}

/// Parts, each with its head after the name.
async fn parts(address: SocketAddr, path: &str, parts: &[(&str, &str, &str)]) -> (u16, String) {
    let mut body = String::new();
    for (name, head, content) in parts {
        body += &format!(
            "--b\r\nContent-Disposition: form-data; name=\"{name}\"{head}\r\n\r\n{content}\r\n"
        );
    }
    body += "--b--\r\n";
    post(address, path, "multipart/form-data; boundary=b", &body).await
}

async fn text(stream: client::ByteStream) -> String {
    let mut stream = stream.into_inner();
    let mut all = Vec::new();
    while let Some(chunk) = std::future::poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
        all.extend_from_slice(&chunk.unwrap());
    }
    String::from_utf8(all).unwrap()
}

fn point(x: i64, name: &str) -> Point {
    Point {
        x,
        name: Some(name.to_owned()),
    }
}

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|text| (*text).to_owned()).collect()
}

#[tokio::test]
async fn parts_are_written_in_the_style_that_is_declared() {
    let (address, client) = site().await;
    let (deep, pairs) = (point(1, "a&b=c"), point(2, "d, é"));
    let spread = StylesSpread {
        left: 3,
        right: Some(texts(&["r", "s t"])),
    };
    let (commas, pipes) = (texts(&["a,b", "c d"]), texts(&["a|b", ""]));
    let plain = texts(&["x", "y"]);
    let sent = client.send_styles(
        Some(&deep),
        Some(&pairs),
        Some(&spread),
        Some(&commas),
        Some(&pipes),
        Some(&[1, 2]),
        Some("/?#[]@!$&'()*+,;="),
        Some(&plain),
    );
    let read = text(sent.await.unwrap().into_inner()).await;
    let expected = SendStylesForm {
        deep: Some(deep),
        pairs: Some(pairs),
        spread: Some(spread),
        commas: Some(commas),
        pipes: Some(pipes),
        spaces: Some(vec![1, 2]),
        free: Some("/?#[]@!$&'()*+,;=".to_owned()),
        plain: Some(plain),
    };
    assert_eq!(read, format!("{expected:?}"));

    let body = "deep%5Bx%5D=1&deep[name]=n&pairs=x,2,name,a%2Cb&left=3&right=r&right=s&commas=a%2Cb,c&pipes=a|b\
                &spaces=1%202&free=a/b?c:d&plain=x&other=1";
    let (status, read) = urlencoded(address, "/styles", body).await;
    assert_eq!(status, 200, "{read}");
    let expected = SendStylesForm {
        deep: Some(point(1, "n")),
        pairs: Some(point(2, "a,b")),
        spread: Some(StylesSpread {
            left: 3,
            right: Some(texts(&["r", "s"])),
        }),
        commas: Some(texts(&["a,b", "c"])),
        pipes: Some(texts(&["a", "b"])),
        spaces: Some(vec![1, 2]),
        free: Some("a/b?c:d".to_owned()),
        plain: Some(texts(&["x"])),
    };
    assert_eq!(read, format!("{expected:?}"));
    for (body, wrong) in [
        ("deep[x]=10", "deep.x"),
        ("deep[name]=n", "deep.x"),
        ("deep[x]=1&deep[y]=2", "deep.y"),
        ("deep[x]=1&deep[x]=2", "deep.x"),
        ("pairs=x", "pairs"),
        ("pairs=x,y", "pairs.x"),
        ("right=1", "left"),
        ("commas=a,b,c,d", "commas"),
        ("spaces=1%20x", "spaces.1"),
    ] {
        let (status, read) = urlencoded(address, "/styles", body).await;
        assert_eq!(status, 400, "{body}: {read}");
        assert!(
            read.contains(&format!("\"path\":\"{wrong}\"")),
            "{body}: {read}"
        );
    }
}

#[tokio::test]
async fn parts_of_multipart_have_styles_too() {
    let (_, client) = site().await;
    let (deep, pairs) = (point(1, "a&b"), point(2, "d é"));
    let spread = StylesSpread {
        left: 3,
        right: Some(texts(&["r", "s t"])),
    };
    let (commas, pipes) = (texts(&["a", "c d"]), texts(&["a,b", "c"]));
    let sent = client.send_styled_parts(
        Some(&deep),
        Some(&pairs),
        Some(&spread),
        Some(&commas),
        Some(&pipes),
        Some(&[1, 2]),
        None,
        None,
    );
    let read = text(sent.await.unwrap().into_inner()).await;
    let expected = SendStyledPartsForm {
        deep: Some(deep),
        pairs: Some(pairs),
        spread: Some(spread),
        commas: Some(commas),
        pipes: Some(pipes),
        spaces: Some(vec![1, 2]),
        free: None,
        plain: None,
    };
    assert_eq!(read, format!("{expected:?}"));
    // Nothing is encoded there, so that a separator in an item is no longer one.
    let odd = texts(&["a,b"]);
    let sent = client.send_styled_parts(None, None, None, Some(&odd), None, None, None, None);
    assert_eq!(sent.await.err().unwrap().parameter(), Some("commas"));
}

#[tokio::test]
async fn values_of_several_kinds_arrive_as_they_were_sent() {
    let (address, client) = site().await;
    let numbers = BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]);
    let mixed = [
        ValuesMixedItem::String("plain".to_owned()),
        ValuesMixedItem::Point(point(1, "n")),
    ];
    for either in [
        ValuesEither::Integer(7),
        ValuesEither::String("seven".to_owned()),
        ValuesEither::Boolean(true),
    ] {
        for one in [
            ValuesOne::String("s".to_owned()),
            ValuesOne::Array(texts(&["s", "t"])),
        ] {
            let points = [point(1, "a"), point(2, "b")];
            let rows = [vec![1, 2], vec![3]];
            let expected = SendValuesForm {
                point: Some(point(3, "p")),
                points: Some(points.to_vec()),
                either: Some(either.clone()),
                mixed: Some(mixed.to_vec()),
                numbers: Some(numbers.clone()),
                rows: Some(rows.to_vec()),
                one: Some(one.clone()),
            };
            let p = point(3, "p");
            let sent = client.send_values(
                Some(&p),
                Some(&points),
                Some(&either),
                Some(&mixed),
                Some(&numbers),
                Some(&rows),
                Some(&one),
            );
            let read = text(sent.await.unwrap().into_inner()).await;
            assert_eq!(read, format!("{expected:?}"));
            let sent = client.send_value_parts(
                Some(&p),
                Some(&points),
                Some(&either),
                Some(&mixed),
                Some(&numbers),
                Some(&rows),
                Some(&one),
            );
            let read = text(sent.await.unwrap().into_inner()).await;
            let expected = format!("{expected:?}").replace("SendValuesForm", "SendValuePartsForm");
            assert_eq!(read, expected);
        }
    }
    for (body, wrong) in [
        ("point=%7B%22x%22:10%7D", "point.x"),
        ("point=x", "point"),
        ("points=%7B%22x%22:1%7D&points=%7B%7D", "points.1.x"),
        (
            "points={\"x\":1}&points={\"x\":1}&points={\"x\":1}",
            "points",
        ),
        ("either=no", "either"),
        ("either=1&either=2", "either"),
        ("rows=[1]&rows=[\"x\"]", "rows.1.0"),
    ] {
        let (status, read) = urlencoded(address, "/values", body).await;
        assert_eq!(status, 400, "{body}: {read}");
        assert!(
            read.contains(&format!("\"path\":\"{wrong}\"")),
            "{body}: {read}"
        );
    }
    // A part that says to be JSON, and one that says nothing.
    for head in ["\r\nContent-Type: application/json", ""] {
        let (status, read) = parts(address, "/value-parts", &[("points", head, "{\"x\":1}")]).await;
        assert_eq!(status, 200, "{read}");
        assert!(read.contains("points: Some([Point { x: 1"), "{read}");
    }
}

#[tokio::test]
async fn what_is_said_of_a_form_as_a_whole_holds() {
    let (address, client) = site().await;
    for (body, status, wrong) in [
        ("a=x", 200, ""),
        ("a=x&b=1", 200, ""),
        ("a=x&b=1&c=true", 400, "\"path\":\"\""),
        ("", 400, "\"path\":\"\""),
        ("a=x&d=1", 400, "\"path\":\"d\""),
        ("a=x&a=y", 400, "\"path\":\"a\""),
    ] {
        let (found, read) = urlencoded(address, "/closed", body).await;
        assert_eq!(found, status, "{body}: {read}");
        assert!(read.contains(wrong), "{body}: {read}");
    }
    let (status, read) = parts(address, "/closed", &[("a", "", "x"), ("d", "", "y")]).await;
    assert_eq!(status, 400, "{read}");
    assert!(read.contains("\"path\":\"d\""), "{read}");
    let sent = client.send_closed(Some("x"), None).await;
    assert!(sent.is_ok());
    let sent = client
        .send_closed_as_x_www_form_urlencoded(None, None, None)
        .await;
    assert_eq!(sent.err().unwrap().status().unwrap(), 400);
}

#[tokio::test]
async fn forms_can_be_maps() {
    let (address, client) = site().await;
    let others = BTreeMap::from([("a".to_owned(), 1), ("b c".to_owned(), 2)]);
    let read = client.send_map("n", &others).await.unwrap();
    let read = text(read.into_inner()).await;
    assert_eq!(
        read,
        "SendMapForm { name: \"n\", additional_properties: {\"a\": 1, \"b c\": 2} }"
    );
    let clash = BTreeMap::from([("name".to_owned(), 1)]);
    let error = client.send_map("n", &clash).await.err().unwrap();
    assert_eq!(error.parameter(), Some("additional_properties"));
    for (body, wrong) in [("name=n&a=10", "a"), ("name=n&a=x", "a"), ("a=1", "name")] {
        let (status, read) = urlencoded(address, "/maps", body).await;
        assert_eq!(status, 400, "{body}: {read}");
        assert!(
            read.contains(&format!("\"path\":\"{wrong}\"")),
            "{body}: {read}"
        );
    }
    let (status, read) = urlencoded(address, "/anything", "a=1&b=%20").await;
    assert_eq!(status, 200, "{read}");
    assert!(read.contains("{\"a\": \"1\", \"b\": \" \"}"), "{read}");
    let files = BTreeMap::from([("f".to_owned(), Upload::new("f.txt", "content"))]);
    let read = client.send_anything(&files).await.unwrap().into_inner();
    let read = text(read).await;
    assert!(
        read.contains("\"f\": FilePart { file_name: Some(\"f.txt\")"),
        "{read}"
    );
}

#[tokio::test]
async fn a_form_can_be_one_of_several() {
    let (address, client) = site().await;
    for shape in [
        Shape::Circle(Circle {
            radius: 1.5,
            tags: Some(texts(&["a", "b"])),
        }),
        Shape::Circle(Circle {
            radius: 2.0,
            tags: Some(texts(&["1"])),
        }),
        Shape::Box(Square {
            width: 1,
            // Looks like a number.
            code: "007".to_owned(),
            at: Some(point(1, "n")),
        }),
        Shape::Box(Square {
            width: 1,
            code: "7".to_owned(),
            at: None,
        }),
    ] {
        let read = client.send_shape(&shape).await.unwrap().into_inner();
        assert_eq!(text(read).await, format!("{shape:?}"));
        let read = client.send_shape_parts(Some(&shape)).await.unwrap();
        assert_eq!(text(read.into_inner()).await, format!("Some({shape:?})"));
    }
    for body in [
        "",
        "radius=x",
        "width=10&code=x",
        "radius=1&width=1",
        "radius=1&other=1",
    ] {
        let (status, read) = urlencoded(address, "/shapes", body).await;
        assert_eq!(status, 400, "{body}: {read}");
    }
}

#[tokio::test]
async fn parts_are_of_the_media_types_that_are_declared() {
    let (address, client) = site().await;
    let bare = Upload::new("p.png", "png");
    let picture = bare.clone().header("x-size", 3);
    let others = BTreeMap::from([("extra".to_owned(), Upload::new("e", "e"))]);
    let some = [Upload::new("1", "1"), Upload::new("2", "2")];
    let any = [Upload::new("3", "3")];
    let meta = point(1, "m");
    let send = async |picture: &Upload, some: &[Upload]| {
        let sent = client.send_files(
            picture,
            Some(&any),
            Some(some),
            Some("# note"),
            Some("t\"x"),
            Some(&meta),
            &others,
        );
        sent.await.map(|answer| answer.into_inner())
    };
    let read = text(send(&picture, &some).await.unwrap()).await;
    for expected in [
        "picture: FilePart { file_name: Some(\"p.png\"), content_type: Some(\"image/png\")",
        "note: Some(\"# note\"), title: Some(\"t\\\"x\"), meta: Some(Point { x: 1",
        "additional_properties: {\"extra\": FilePart",
    ] {
        assert!(read.contains(expected), "{expected}: {read}");
    }
    let vector = picture.clone().media_type("image/svg+xml");
    assert!(send(&vector, &some).await.is_ok());
    let error = send(&picture.clone().media_type("image/gif"), &some).await;
    assert_eq!(error.err().unwrap().parameter(), Some("picture"));
    let three = [some[0].clone(), some[0].clone(), some[0].clone()];
    let error = send(&picture, &three).await;
    assert_eq!(error.err().unwrap().status().unwrap(), 400);

    let error = send(&bare, &some).await;
    assert_eq!(error.err().unwrap().parameter(), Some("picture"));
    for (name, value, sends) in [
        ("x-size", "10", true),
        ("x-kind", "cat", true),
        ("x kind", "photo", false),
        ("x-kind", "a\r\nb: c", false),
    ] {
        let error = send(&picture.clone().header(name, value), &some)
            .await
            .err();
        let error = error.unwrap();
        assert_eq!(error.status().is_some(), sends, "{name}: {error}");
    }

    let bare = "; filename=\"p\"\r\nContent-Type: image/png";
    let png = format!("{bare}\r\nX-Size: 9\r\nX-Kind: photo");
    let png = png.as_str();
    for (all, status) in [
        (&[("picture", png, "x"), ("some", "", "1")][..], 200),
        (
            &[(
                "picture",
                "; filename=\"p\"\r\nContent-Type: image/gif",
                "x",
            )],
            400,
        ),
        (&[("picture", "; filename=\"p\"", "x")], 400),
        (&[("picture", bare, "x")], 400),
        (
            &[
                ("picture", png, "x"),
                ("note", "\r\nContent-Type: text/html", "x"),
            ],
            400,
        ),
        (&[("picture", png, "x"), ("note", "", "x")], 200),
        (&[("picture", png, "x"), ("title", "", "x")], 400),
        (&[("picture", png, "x"), ("title", "", "\"123456\"")], 400),
        (&[("picture", png, "x"), ("meta", "", "{\"x\":10}")], 400),
    ] {
        let (found, read) = parts(address, "/files", all).await;
        assert_eq!(found, status, "{all:?}: {read}");
    }
}

#[tokio::test]
async fn words_about_the_whole_hold_for_forms() {
    let (address, _) = site().await;
    for (body, status) in [
        ("b=1", 200),
        ("a=1&b=1", 200),
        ("a=1", 400),
        ("a=x&b=1", 400),
    ] {
        let (found, read) = urlencoded(address, "/rules", body).await;
        assert_eq!(found, status, "{body}: {read}");
    }
}

#[tokio::test]
async fn maps_can_be_spread_over_fields() {
    let (address, client) = site().await;
    let deep = BTreeMap::from([("x y".to_owned(), 1), ("[z]".to_owned(), 2)]);
    let rest = BTreeMap::from([("r".to_owned(), vec![true, false])]);
    let read = client.send_counts(Some(&deep), Some(&rest)).await.unwrap();
    let read = text(read.into_inner()).await;
    let expected = SendCountsForm {
        deep: Some(deep),
        rest: Some(rest),
    };
    assert_eq!(read, format!("{expected:?}"));
    let (status, read) = urlencoded(address, "/counts", "deep[a]=x").await;
    assert_eq!(status, 400, "{read}");
    assert!(read.contains("\"path\":\"deep.a\""), "{read}");
}

#[tokio::test]
async fn a_form_that_is_one_of_several_can_have_files() {
    let (address, client) = site().await;
    let file =
        Upload::new("a.torrent", b"\xff\x00".to_vec()).media_type("application/x-bittorrent");
    let read = client.send_import("a", None, Some(&file)).await.unwrap();
    let read = text(read.into_inner()).await;
    assert!(read.contains("url: None, file: Some(FilePart"), "{read}");
    let read = client.send_import("a", Some("u"), None).await.unwrap();
    let read = text(read.into_inner()).await;
    assert!(read.contains("url: Some(\"u\"), file: None"), "{read}");

    let torrent = "; filename=\"p\"\r\nContent-Type: application/x-bittorrent";
    let html = "; filename=\"p\"\r\nContent-Type: text/html";
    let none = "must have `url`, or `file`";
    for (all, flaw) in [
        (&[("name", "", "a"), ("url", "", "u")][..], None),
        (&[("name", "", "a"), ("file", torrent, "x")], None),
        (&[("name", "", "a")], Some(none)),
        (&[("name", "", "a"), ("URL", "", "u")], Some(none)),
        (
            &[("name", "", "a"), ("url", "", "u"), ("file", torrent, "x")],
            Some("must be one of these: `url`; `file`"),
        ),
        (&[("url", "", "u")], Some("\"path\":\"name\"")),
        (
            &[("name", "", "a"), ("file", html, "x")],
            Some("must be of the media type `application/x-bittorrent`"),
        ),
    ] {
        let (status, read) = parts(address, "/imports", all).await;
        assert_eq!(status == 200, flaw.is_none(), "{all:?}: {read}");
        assert!(read.contains(flaw.unwrap_or_default()), "{all:?}: {read}");
    }

    let page = "; filename=\"p\"\r\nContent-Type: image/png";
    let none =
        "must have `link` and nothing but `note` and `link` and `size`, or `pages` and `count`";
    for (all, flaw) in [
        (&[("link", "", "l"), ("note", "", "n")][..], None),
        (
            &[
                ("pages", page, "1"),
                ("pages", page, "2"),
                ("count", "", "2"),
            ],
            None,
        ),
        (&[("link", "", "l"), ("size", "", "big")], None),
        (&[("pages", page, "1")], Some(none)),
        (&[("link", "", "l"), ("other", "", "o")], Some(none)),
        (&[("link", "", "l"), ("count", "", "2")], Some(none)),
    ] {
        let (status, read) = parts(address, "/attachments", all).await;
        assert_eq!(status == 200, flaw.is_none(), "{all:?}: {read}");
        assert!(read.contains(flaw.unwrap_or_default()), "{all:?}: {read}");
    }
}
