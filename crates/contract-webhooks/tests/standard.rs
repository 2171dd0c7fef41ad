//! Signatures are those of Standard Webhooks 1.0, and whatever is not one is refused for its reason.

#![allow(missing_docs, reason = "a test")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use contract_webhooks::{
    Error, ID, Receiver, SIGNATURE, Secret, SecretError, SignError, Signed, TIMESTAMP, sign,
};
use http::{HeaderMap, HeaderName, HeaderValue};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const BODY: &[u8] = br#"{"test": 2432232314}"#;
const SENT: u64 = 1_614_265_330;

/// What the standard's own libraries are tested with.
const VECTORS: [(&str, &str, u64, &[u8], &str); 2] = [
    (
        SECRET,
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        SENT,
        BODY,
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
    (
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
        1_649_367_553,
        br#"{"email":"test@example.com","username":"test_user"}"#,
        "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
    ),
];

#[test]
fn signatures_are_those_of_the_standard() {
    for (text, id, seconds, body, signature) in VECTORS {
        let signed = sign(&[secret(text)], id, at(seconds), body).unwrap();
        assert_eq!(signed.signature, signature);
        assert_eq!(signed.timestamp, seconds.to_string());
        let receiver = Receiver::new(secret(text));
        let delivery = receiver.verify(&signed.headers()[..], body, at(seconds));
        let delivery = delivery.unwrap();
        assert_eq!((&*delivery.id, delivery.sent), (id, at(seconds)));
    }
}

#[test]
fn the_library_of_the_standard_verifies_what_we_sign() {
    let theirs = standardwebhooks::Webhook::new(SECRET).unwrap();
    let (old, new) = (Secret::generate().unwrap(), secret(SECRET));
    let signed = sign(&[old, new], "evt_1", SystemTime::now(), BODY).unwrap();
    theirs.verify(BODY, &map(&signed)).unwrap();
    assert!(theirs.verify(b"{}", &map(&signed)).is_err());
}

#[test]
fn we_verify_what_the_library_of_the_standard_signs() {
    let theirs = standardwebhooks::Webhook::new(SECRET).unwrap();
    let signed = Signed {
        id: "msg_1".to_owned(),
        timestamp: SENT.to_string(),
        signature: theirs.sign("msg_1", 1_614_265_330, BODY).unwrap(),
    };
    let receiver = Receiver::new(secret(SECRET));
    assert!(receiver.verify(&map(&signed), BODY, at(SENT)).is_ok());
}

#[test]
fn both_secrets_verify_while_one_replaces_the_other() {
    let (old, new) = (Secret::generate().unwrap(), Secret::generate().unwrap());
    let both = sign(&[new.clone(), old.clone()], "evt_1", at(SENT), BODY).unwrap();
    assert_eq!(both.signature.split(' ').count(), 2);
    for receiver in [Receiver::new(old.clone()), Receiver::new(new.clone())] {
        assert!(receiver.verify(&both.headers()[..], BODY, at(SENT)).is_ok());
    }
    let by_old = sign(std::slice::from_ref(&old), "evt_1", at(SENT), BODY).unwrap();
    let ready = Receiver::new(new.clone()).accept(old.clone());
    assert!(ready.verify(&by_old.headers()[..], BODY, at(SENT)).is_ok());
    let done = Receiver::new(new);
    let refused = done.verify(&by_old.headers()[..], BODY, at(SENT));
    assert_eq!(refused, Err(Error::NoSignatureMatches));
}

#[test]
fn whatever_was_changed_is_refused() {
    let receiver = Receiver::new(secret(SECRET));
    let good = signed();
    let verify = |signed: &Signed, body: &[u8]| {
        let found = receiver.verify(&signed.headers()[..], body, at(SENT));
        found.map(drop)
    };
    assert_eq!(verify(&good, BODY), Ok(()));
    let refused = Err(Error::NoSignatureMatches);
    assert_eq!(verify(&good, br#"{"test":2432232314}"#), refused);
    let other_id = Signed {
        id: "evt_2".to_owned(),
        ..good.clone()
    };
    assert_eq!(verify(&other_id, BODY), refused);
    let later = Signed {
        timestamp: (SENT + 1).to_string(),
        ..good.clone()
    };
    assert_eq!(verify(&later, BODY), refused);
    // The last four begin like the right one, are cut, or say that they are of another kind.
    let right = good.signature.strip_prefix("v1,").unwrap();
    let forged = [
        String::new(),
        "v1,".to_owned(),
        "v1".to_owned(),
        format!("v1,{}", &right[..4]),
        format!("v1,{right}{right}"),
        format!("v1a,{right}"),
        right.to_owned(),
    ];
    for signature in forged {
        let forged = Signed {
            signature,
            ..good.clone()
        };
        assert_eq!(verify(&forged, BODY), refused, "{}", forged.signature);
    }
}

#[test]
fn signatures_of_other_versions_are_passed_over() {
    let good = signed();
    let among = Signed {
        signature: format!("v1a,AAAA v2,{0} nonsense v1,!! {0}", good.signature),
        ..good
    };
    let receiver = Receiver::new(secret(SECRET));
    assert!(receiver.verify(&map(&among), BODY, at(SENT)).is_ok());
}

#[test]
fn what_is_too_old_or_too_new_is_refused() {
    let signed = signed();
    let receiver = Receiver::new(secret(SECRET));
    let strict = receiver.clone().tolerance(Duration::from_secs(1));
    let verify = |receiver: &Receiver, now| {
        let found = receiver.verify(&signed.headers()[..], BODY, at(now));
        found.map(drop)
    };
    assert_eq!(verify(&receiver, SENT + 300), Ok(()));
    assert_eq!(verify(&receiver, SENT - 300), Ok(()));
    assert_eq!(verify(&strict, SENT + 1), Ok(()));
    let too_old = |age_seconds| Err(Error::TooOld { age_seconds });
    let too_new = |ahead_seconds| Err(Error::TooNew { ahead_seconds });
    assert_eq!(verify(&receiver, SENT + 301), too_old(301));
    assert_eq!(verify(&receiver, SENT - 301), too_new(301));
    assert_eq!(verify(&strict, SENT + 2), too_old(2));
    assert_eq!(verify(&strict, SENT - 2), too_new(2));
}

#[test]
fn headers_that_are_missing_or_unreadable_are_named() {
    let receiver = Receiver::new(secret(SECRET));
    let good = map(&signed());
    for name in [ID, TIMESTAMP, SIGNATURE] {
        let mut headers = good.clone();
        headers.remove(name);
        let refused = receiver.verify(&headers, BODY, at(SENT));
        assert_eq!(refused, Err(Error::MissingHeader(name)));
        headers.insert(name, HeaderValue::from_bytes(b"\xff").unwrap());
        let refused = receiver.verify(&headers, BODY, at(SENT));
        assert_eq!(refused, Err(Error::UnreadableHeader(name)));
    }
    for text in [
        "",
        "yesterday",
        "1614265330.5",
        "+1614265330",
        "-1",
        "99999999999999999999",
    ] {
        let mut headers = good.clone();
        headers.insert(TIMESTAMP, text.parse().unwrap());
        let refused = receiver.verify(&headers, BODY, at(SENT));
        assert_eq!(refused, Err(Error::UnreadableHeader(TIMESTAMP)), "{text}");
    }
}

#[test]
fn names_of_headers_have_no_case() {
    let signed = signed();
    let headers = [
        ("Webhook-Id", signed.id),
        ("WEBHOOK-TIMESTAMP", signed.timestamp),
        ("webhook-Signature", signed.signature),
    ];
    let receiver = Receiver::new(secret(SECRET));
    assert!(receiver.verify(&headers[..], BODY, at(SENT)).is_ok());
}

#[test]
fn secrets_are_read_as_they_are_written() {
    assert_eq!(secret(SECRET).reveal(), SECRET);
    let new = Secret::generate().unwrap().reveal();
    assert_eq!(secret(&new).reveal(), new);
    assert_ne!(new, Secret::generate().unwrap().reveal());
    let wrong = [
        ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", SecretError::Prefix),
        ("whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", SecretError::Prefix),
        ("whsec_MfKQ 9r8", SecretError::Encoding),
        ("whsec_", SecretError::Length(0)),
        (
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaQ=",
            SecretError::Length(23),
        ),
    ];
    for (text, error) in wrong {
        assert_eq!(text.parse::<Secret>().unwrap_err(), error, "{text}");
    }
    assert!(Secret::from_bytes(&[7; 24]).is_ok());
    assert!(Secret::from_bytes(&[7; 64]).is_ok());
    let refused = Secret::from_bytes(&[7; 65]).unwrap_err();
    assert_eq!(refused, SecretError::Length(65));
}

#[test]
fn secrets_are_not_shown_by_accident() {
    let shown = format!("{:?}", Receiver::new(secret(SECRET)));
    assert!(shown.contains("Secret(..)"), "{shown}");
    assert!(!shown.contains("MfKQ") && !shown.contains("49"), "{shown}");
}

#[test]
fn what_cannot_be_signed_safely_is_not_signed() {
    for id in ["", "evt.1", "evt 1", "evt\n1", "évt"] {
        let refused = sign(&[secret(SECRET)], id, at(SENT), BODY);
        assert_eq!(refused, Err(SignError::Id), "{id:?}");
    }
    assert_eq!(sign(&[], "evt_1", at(SENT), BODY), Err(SignError::NoSecret));
}

fn signed() -> Signed {
    sign(&[secret(SECRET)], "evt_1", at(SENT), BODY).expect("it can be signed")
}

fn secret(text: &str) -> Secret {
    text.parse().expect("it is a secret")
}

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(seconds)
}

fn map(signed: &Signed) -> HeaderMap {
    let headers = signed.headers().into_iter();
    let headers = headers.map(|(name, value)| {
        let value = value.parse().expect("it is visible ASCII");
        (HeaderName::from_static(name), value)
    });
    headers.collect()
}
