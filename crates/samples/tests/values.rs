//! What the client sends, the server reads: numbers, closed sets, lists of them, and forms.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("values");

use std::net::SocketAddr;
use std::sync::Arc;

use api::*;
use types::support::{False, True};
use types::{Color, Either};

/// Answers what it read.
struct Echo;

impl Api for Echo {
    type Contract = Contract;
    type Context = ();
    type Fault = String;

    async fn authenticate(&self, _: Operation, _: Credentials<'_>) -> Result<(), Denial> {
        Ok(())
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> ErrorBody {
        rejection.into()
    }
}

macro_rules! echo {
    ($($name:ident $request:ident $response:ident;)*) => {
        impl DefaultApi for Echo {
            $(async fn $name(&self, request: $request) -> Result<$response, String> {
                Ok($response::Ok(format!("{request:?}")))
            })*

            async fn get_sure(&self, request: GetSureRequest) -> Result<GetSureResponse, String> {
                let tags = ["a", "b c"].map(str::to_owned).to_vec();
                let headers = OkHeaders { x_sure: True, x_tags: tags };
                Ok(GetSureResponse::Ok(format!("{request:?}"), headers))
            }
        }
    };
}

echo! {
    get_number GetNumberRequest GetNumberResponse;
    get_pair GetPairRequest GetPairResponse;
    get_colors GetColorsRequest GetColorsResponse;
    get_lists GetListsRequest GetListsResponse;
    send_form SendFormRequest SendFormResponse;
    send_parts SendPartsRequest SendPartsResponse;
}

async fn served() -> SocketAddr {
    samples::serve(Mount::new(Arc::new(Echo)).default().finish()).await
}

async fn client() -> client::Client {
    let url = format!("http://{}", served().await);
    client::Client::builder(url).build().unwrap()
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[tokio::test]
async fn numbers_and_closed_sets_arrive_in_paths_or_are_refused() {
    let client = client().await;
    for number in [0, -1, i64::MIN, i64::MAX] {
        let read = client.get_number(number).await.unwrap().into_inner();
        assert_eq!(read, format!("{:?}", GetNumberRequest { number }));
    }
    for (a, b) in [(1, 2), (-1, 2), (1, -2), (-1, -2)] {
        let read = client.get_pair(a, b).await.unwrap().into_inner();
        assert_eq!(read, format!("{:?}", GetPairRequest { a, b }));
    }
    let all: Vec<Color> = Color::ALL.to_vec();
    let (mut sent, mut refused) = (0, Vec::new());
    for first in &all {
        for colors in [vec![*first], vec![*first, Color::Red]] {
            match client.get_colors(&colors).await {
                Ok(read) => {
                    let expected = GetColorsRequest { colors };
                    assert_eq!(read.into_inner(), format!("{expected:?}"));
                    sent += 1;
                }
                Err(error) => {
                    assert_eq!(error.parameter(), Some("colors"), "{error}");
                    refused.push(colors);
                }
            }
        }
    }
    assert_eq!(refused, [[Color::Empty]], "{sent} were sent");
}

#[tokio::test]
async fn lists_of_closed_sets_and_numbers_arrive_in_every_place() {
    let read = client()
        .await
        .get_lists(
            Some(&[Color::XY, Color::PQ, Color::Empty]),
            Some(&[true, false]),
            Some(&texts(&["a", "", "b"])),
            None,
            Some(Color::XY),
            Some(&[-1, 2]),
            Some(Color::ST),
            Some(-7),
        )
        .await;
    let expected = GetListsRequest {
        colors: Some(vec![Color::XY, Color::PQ, Color::Empty]),
        flags: Some(vec![true, false]),
        nullable: Some(texts(&["a", "", "b"])),
        preset: vec![1, 2],
        x_color: Some(Color::XY),
        x_numbers: Some(vec![-1, 2]),
        color: Some(Color::ST),
        number: Some(-7),
    };
    assert_eq!(read.unwrap().into_inner(), format!("{expected:?}"));
}

#[tokio::test]
async fn a_boolean_that_is_one_of_the_two_arrives_and_the_other_is_refused() {
    let site = served().await;
    let client = client::Client::builder(format!("http://{site}"))
        .build()
        .unwrap();
    let read = client.get_sure(Some(&[False, False]), &True).await.unwrap();
    assert_eq!(read.headers()["x-sure"], "true");
    assert_eq!(read.headers()["x-tags"], "a,b c");
    let expected = GetSureRequest {
        sure: True,
        never: Some(vec![False, False]),
    };
    assert_eq!(read.into_inner(), format!("{expected:?}"));

    for (query, message) in [
        ("sure=false", "must be `true`"),
        ("sure=yes", "must be `true`"),
        ("sure=true&never=true", "must be `false`"),
    ] {
        let head = format!("GET /sure?{query} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let told = samples::raw(site, head.as_bytes()).await.unwrap();
        assert!(told.starts_with("HTTP/1.1 400 "), "{query}: {told}");
        assert!(told.contains(message), "{query}: {told}");
    }
}

#[tokio::test]
async fn forms_arrive_as_they_were_given() {
    let client = client().await;
    let (inline, nullable) = (texts(&["a&b=c+d %ü\r\n", ""]), texts(&["x"]));
    let read = client
        .send_form(
            Some(types::support::date(2026, 1, 31)),
            Some(&inline),
            Some(&nullable),
            Some(&[1, -2]),
        )
        .await;
    let body = SendFormForm {
        day: Some(types::support::date(2026, 1, 31)),
        inline: Some(inline),
        nullable: Some(nullable),
        numbers: Some(vec![1, -2]),
    };
    let expected = SendFormRequest { body };
    assert_eq!(read.unwrap().into_inner(), format!("{expected:?}"));

    let text = "--form-boundary\r\n--form-boundary--";
    let map = || [("k".to_owned(), Some(1)), ("l".to_owned(), None)].into();
    // A text that looks like a number, and one that JSON has to escape.
    for either in ["5", "a \"b\" ü"] {
        let either = || Either::String(either.to_owned());
        let nullable = texts(&["x", ""]);
        let read = client
            .send_parts(
                text,
                Some(&either()),
                Some(&map()),
                Some(&nullable),
                Some(&True),
                Some("ü\0"),
            )
            .await;
        let body = SendPartsForm {
            text: text.to_owned(),
            either: Some(either()),
            map: Some(map()),
            nullable: Some(nullable),
            sure: Some(True),
            ü: Some("ü\0".to_owned()),
        };
        let expected = SendPartsRequest { body };
        assert_eq!(read.unwrap().into_inner(), format!("{expected:?}"));
    }
}
