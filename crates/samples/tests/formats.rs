//! Formats that are types: values are read and written as their format has it, in every place.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("formats");

use std::sync::Arc;

use api::*;
use types::support::{Date, DateTime, Maybe, date, decode, violations};
use types::{Either, Thing};

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

impl DefaultApi for Echo {
    async fn get_day(&self, request: GetDayRequest) -> Result<GetDayResponse, String> {
        let headers = OkHeaders {
            x_at: request.at,
            x_day: Some(request.day),
        };
        let read = format!("{request:?}");
        Ok(GetDayResponse::Ok(read, headers))
    }

    async fn put_thing(&self, request: PutThingRequest) -> Result<PutThingResponse, String> {
        Ok(PutThingResponse::Ok(request.body))
    }

    async fn put_days(&self, request: PutDaysRequest) -> Result<PutDaysResponse, String> {
        let last = request.body.last().copied();
        last.map(PutDaysResponse::Ok).ok_or("no day".to_owned())
    }

    async fn send_form(&self, request: SendFormRequest) -> Result<SendFormResponse, String> {
        Ok(SendFormResponse::Ok(format!("{:?}", request.body)))
    }

    async fn send_parts(&self, request: SendPartsRequest) -> Result<SendPartsResponse, String> {
        Ok(SendPartsResponse::Ok(format!("{:?}", request.body)))
    }
}

async fn site() -> std::net::SocketAddr {
    samples::serve(Mount::new(Arc::new(Echo)).default().finish()).await
}

async fn client() -> client::Client {
    let url = format!("http://{}", site().await);
    client::Client::builder(url).build().unwrap()
}

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

const DAY: Date = date(2024, 2, 29);

#[tokio::test]
async fn parameters_are_values_and_absent_ones_their_defaults() {
    let client = client().await;
    let now = at("2026-03-10T09:00:00.25Z");
    let others = [date(2026, 1, 31), date(9999, 12, 31), date(0, 1, 1)];
    let answer = client
        .get_day(
            DAY,
            now,
            Some(&others),
            Some(now),
            Some(&others),
            Some(now),
            Some("2026-01-01"),
            Some(DAY),
            Some(now),
            Some(&others),
            Some(DAY),
        )
        .await
        .unwrap();
    assert_eq!(answer.headers()["x-at"], "2026-03-10T09:00:00.250Z");
    assert_eq!(answer.headers()["x-day"], "2024-02-29");
    let all = GetDayRequest {
        day: DAY,
        at: now,
        since: now,
        until: DAY,
        maybe: Some(now),
        days: Some(others.to_vec()),
        preset: others.to_vec(),
        x_at: Some(now),
        x_days: Some(others.to_vec()),
        seen: Some(DAY),
        text: Some("2026-01-01".to_owned()),
    };
    assert_eq!(answer.into_inner(), format!("{all:?}"));
    let least = GetDayRequest {
        since: at("2026-01-31T09:30:00.5Z"),
        until: date(2026, 12, 31),
        maybe: None,
        days: None,
        preset: vec![date(2026, 2, 28)],
        x_at: None,
        x_days: None,
        seen: None,
        text: None,
        ..all
    };
    let answer = client
        .get_day(
            DAY, now, None, None, None, None, None, None, None, None, None,
        )
        .await;
    assert_eq!(answer.unwrap().into_inner(), format!("{least:?}"));
}

#[tokio::test]
async fn bodies_and_forms_arrive() {
    let client = client().await;
    let now = at("2026-03-10T09:00:00.000000001Z");
    let days = [DAY, date(2026, 1, 31)];
    for either in [
        Either::String(now),
        Either::Integer(3),
        Either::Array(days.to_vec()),
    ] {
        let thing = Thing {
            at: now,
            day: DAY,
            nullable_at: Maybe::Value(now),
            nullable_day: Maybe::Null,
            optional: Some(DAY),
            instants: Some(vec![now]),
            days: Some(vec![Some(DAY), None]),
            by_name: Some([("a".to_owned(), now)].into()),
            day_by_name: Some([("b".to_owned(), DAY)].into()),
            either: Some(either),
            text: Some("2026-01-31".to_owned()),
            additional_properties: [("more".to_owned(), DAY)].into(),
        };
        let answer = client.put_thing(&thing).await.unwrap().into_inner();
        assert_eq!(answer, thing);
    }
    assert_eq!(client.put_days(&days).await.unwrap().into_inner(), days[1]);
    let form = SendFormForm {
        at: now,
        day: Some(DAY),
        days: Some(days.to_vec()),
    };
    let answer = client.send_form(now, Some(DAY), Some(&days)).await;
    assert_eq!(answer.unwrap().into_inner(), format!("{form:?}"));
    let answer = client.send_parts(now, Some(DAY), Some(&days)).await;
    let expected = format!("{form:?}").replace("SendFormForm", "SendPartsForm");
    assert_eq!(answer.unwrap().into_inner(), expected);
}

#[tokio::test]
async fn instants_are_written_in_utc_with_three_decimals_or_more() {
    let site = site().await;
    for (given, written) in [
        ("2026-01-31T09:30:00Z", "2026-01-31T09:30:00.000Z"),
        ("2026-01-31t09:30:00.5z", "2026-01-31T09:30:00.500Z"),
        (
            "2026-01-31T09:30:00.1234567899Z",
            "2026-01-31T09:30:00.123456789Z",
        ),
        ("2026-01-31T00:30:00.25+02:30", "2026-01-30T22:00:00.250Z"),
        ("2026-01-31T23:30:00-00:45", "2026-02-01T00:15:00.000Z"),
        ("2016-12-31T23:59:60.5Z", "2016-12-31T23:59:59.500Z"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"),
        ("9999-12-30T22:00:00Z", "9999-12-30T22:00:00.000Z"),
    ] {
        let body = format!(r#"{{"at":"{given}","day":"2024-02-29"}}"#);
        let answer = samples::put(site, "/things", &body).await.unwrap();
        let expected = format!(r#"{{"at":"{written}","day":"2024-02-29"}}"#);
        assert_eq!(answer, (200, expected), "{given}");
    }
}

#[tokio::test]
async fn what_is_no_value_is_a_violation_wherever_it_stands() {
    let site = site().await;
    let form = "must be a date and time such as `2025-01-31T09:30:00Z`";
    let range = "must be from `0000-01-01T00:00:00Z` to `9999-12-30T22:00:00Z`";
    for (text, message) in [
        ("2026-01-31", form),
        ("2026-01-31 09:30:00Z", form),
        ("2026-01-31T09:30Z", form),
        ("20260131T093000Z", form),
        ("2026-01-31T09:30:00+01:00[Europe/Paris]", form),
        ("+002026-01-31T09:30:00Z", form),
        ("", form),
        ("9999-12-31T23:59:59Z", range),
        ("0000-01-01T00:00:00+00:01", range),
    ] {
        let body = format!(r#"{{"at":"{text}","day":"2024-02-29"}}"#);
        let (status, said) = samples::put(site, "/things", &body).await.unwrap();
        assert_eq!(status, 400, "{text}");
        assert!(said.contains(message), "{text}: {said}");
        let found = decode::<Thing>(body.as_bytes()).unwrap_err();
        assert_eq!(violation(&found), Some(("at", message)), "{text}");
        let query = text.replace('+', "%2B").replace(' ', "%20");
        let head = format!(
            "GET /days/2024-02-29/at/2026-01-31T09:30:00Z?maybe={query} HTTP/1.1\r\nHost: x\r\n\
             Connection: close\r\n\r\n"
        );
        let answer = samples::raw(site, head.as_bytes()).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 400"), "{text}: {answer}");
        assert!(answer.contains(message), "{text}: {answer}");
    }
    for text in [
        "2026-02-29",
        "2026-1-31",
        "20260131",
        "2026-01-31T00:00:00Z",
        "-002026-01-31",
    ] {
        let body = format!(r#"{{"at":"2026-01-31T09:30:00Z","day":"{text}"}}"#);
        let found = decode::<Thing>(body.as_bytes()).unwrap_err();
        let message = "must be a date such as `2025-01-31`";
        assert_eq!(violation(&found), Some(("day", message)), "{text}");
    }
}

/// The one thing that is wrong, where it is, and what is said of it.
fn violation(error: &types::support::DecodeError) -> Option<(&str, &str)> {
    match error {
        types::support::DecodeError::Invalid(found) => match found.as_slice() {
            [one] => Some((&one.path, &one.message)),
            _ => None,
        },
        types::support::DecodeError::Syntax { .. } => None,
    }
}

#[test]
fn a_value_that_no_format_has_is_found_before_it_is_sent() {
    let thing = |at: DateTime, day: Date| Thing {
        at,
        day,
        nullable_at: Maybe::Absent,
        nullable_day: Maybe::Absent,
        optional: None,
        instants: None,
        days: None,
        by_name: None,
        day_by_name: None,
        either: None,
        text: None,
        additional_properties: Default::default(),
    };
    let now = at("2026-01-31T09:30:00Z");
    assert_eq!(violations(&thing(now, DAY)), []);
    assert_eq!(violations(&thing(now, date(-1, 1, 1))).len(), 1);
    let before = DateTime::constant(-70_000_000_000, 0);
    assert_eq!(violations(&thing(before, DAY)).len(), 1);
}
