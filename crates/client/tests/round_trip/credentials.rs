//! Credentials of every kind, by the golden contract `both-answers.yaml`.

use crate::answers::url;
use crate::goldens::answers::client::{BuildError, Builder, Client};

fn complete(url: &str) -> Builder {
    Client::builder(url)
        .token("token-1")
        .app("app 1")
        .login("ada", "pass:wörd")
        .session("s%201")
}

#[tokio::test]
async fn every_scheme_reaches_the_server() {
    let client = complete(&url().await).build().unwrap();
    assert_eq!(*client.with_token().await.unwrap(), "token-1");
    assert_eq!(*client.with_both().await.unwrap(), "token-1 and app 1");
    assert_eq!(*client.with_either().await.unwrap(), "ada/pass:wörd");
    let session = client.with_session(Some("dark; sid=other")).await.unwrap();
    assert_eq!(*session, "s%201 in dark; sid=other");
}

#[tokio::test]
async fn an_alternative_is_enough() {
    let client = Client::builder(url().await)
        .token("u")
        .app("a")
        .link("l&1 ü")
        .session("s")
        .build()
        .unwrap();
    assert_eq!(*client.with_either().await.unwrap(), "l&1 ü");
    assert_eq!(*client.with_perhaps().await.unwrap(), "nobody");
}

#[tokio::test]
async fn optional_credentials_are_sent_where_they_are_set() {
    let client = complete(&url().await).build().unwrap();
    assert_eq!(*client.with_perhaps().await.unwrap(), "ada/pass:wörd");
}

#[tokio::test]
async fn missing_credentials_are_named_by_method_before_anything_is_sent() {
    let told = |builder: Builder| builder.build().unwrap_err().to_string();
    assert_eq!(
        told(Client::builder("http://host")),
        "credentials are missing: `withBoth` needs `token(…)` and `app(…)`; \
         `withEither` needs `login(…)` or `link(…)`; `withSession` needs `session(…)`; \
         `withToken` needs `token(…)`\n\
         hint: call it on the builder, or `partial()` to do without them"
    );
    let error = told(Client::builder("http://host").token("u").app("a").link("l"));
    assert!(
        error.starts_with("credentials are missing: `withSession` needs `session(…)`\n"),
        "{error}"
    );
    let error = told(
        Client::builder("http://host")
            .token("t")
            .link("l")
            .session("s"),
    );
    assert!(
        error.starts_with("credentials are missing: `withBoth` needs `app(…)`\n"),
        "only what is not set: {error}"
    );
    let partial = Client::builder(url().await)
        .token("u")
        .partial()
        .build()
        .unwrap();
    assert_eq!(*partial.with_token().await.unwrap(), "u");
    let error = partial.with_session(None).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`withSession` needs credentials\nhint: call `session(…)` on the builder"
    );
}

#[test]
fn credentials_that_cannot_be_sent_are_refused_without_being_told() {
    let builder = || complete("http://host");
    for (name, builder) in [
        ("user", builder().token("")),
        ("user", builder().token("two secrets")),
        ("user", builder().token("secret\r\nX: y")),
        ("user", builder().token("secret-ü")),
        ("app", builder().app(" secret")),
        ("app", builder().app("secret\n")),
        ("login", builder().login("secret:user", "x")),
        ("login", builder().login("user", "secret\0")),
        ("link", builder().link("")),
        ("session", builder().session("secret; admin=1")),
        ("session", builder().session("secret,1")),
        ("session", builder().session("\"secret\"")),
        ("session", builder().session("secret-ü")),
    ] {
        let error = builder.build().unwrap_err();
        assert!(
            matches!(error, BuildError::InvalidValue(..)),
            "{name}: {error}"
        );
        let text = format!("{error} {error:?}");
        assert!(
            text.contains(&format!("`{name}`")) && !text.contains("secret"),
            "{text}"
        );
    }
}
