//! Values of every place and style, by the golden contract `both-values.yaml`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::goldens::values::api::*;
use crate::goldens::values::client::{Client, Error, ResponseValue};
use crate::goldens::values::types::{self, Read};
use crate::{Random, http, serve};

/// Answers with what it read.
struct Echo;

fn read(operation: &str, values: Vec<Option<Vec<String>>>) -> Read {
    Read {
        operation: operation.to_owned(),
        values,
    }
}

fn one(text: &str) -> Option<Vec<String>> {
    Some(vec![text.to_owned()])
}

impl Api for Echo {
    type Contract = Contract;
    type Context = String;
    type Fault = String;

    async fn authenticate(
        &self,
        _: Operation,
        credentials: Credentials<'_>,
    ) -> Result<String, Denial> {
        let key = credentials.key.map(|key| key.into_owned());
        key.ok_or_else(|| Denial::unauthenticated("NO_KEY", "no key"))
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> types::Problem {
        types::Problem {
            message: format!("{rejection:?}"),
        }
    }
}

macro_rules! echo {
    ($($name:ident $request:ident $response:ident $($field:ident)*;)*) => {
        impl DefaultApi for Echo {
            $(async fn $name(&self, request: $request) -> Result<$response, String> {
                let values = vec![$(one(&request.$field)),*];
                Ok($response::Ok(read(stringify!($name), values)))
            })*

            async fn list_variants(&self, _: ListVariantsRequest) -> Result<ListVariantsResponse, String> {
                Ok(ListVariantsResponse::Ok(read("list_variants", Vec::new())))
            }

            async fn get_tags(&self, request: GetTagsRequest) -> Result<GetTagsResponse, String> {
                Ok(GetTagsResponse::Ok(read("get_tags", vec![Some(request.tags)])))
            }

            async fn texts(&self, request: TextsRequest) -> Result<TextsResponse, String> {
                let TextsRequest { text: query_text, odd_name, x_text, cookie_text, number } = request;
                let single = |text: Option<String>| text.map(|text| vec![text]);
                let numbers = number.map(|all| all.iter().map(f64::to_string).collect());
                let values = vec![single(query_text), single(odd_name), single(x_text), single(cookie_text), numbers];
                Ok(TextsResponse::Ok(read("texts", values)))
            }

            async fn lists(&self, request: ListsRequest) -> Result<ListsResponse, String> {
                let ListsRequest { commas, pipes, spaces, repeated, x_list, list } = request;
                let values = vec![commas, pipes, repeated, spaces, x_list, list];
                Ok(ListsResponse::Ok(read("lists", values)))
            }

            async fn others(&self, key: String, request: OthersRequest) -> Result<OthersResponse, String> {
                let mut values = vec![one(&key), request.limit.map(|limit| vec![limit.to_string()])];
                values.extend(request.filter.into_iter().map(|(name, value)| Some(vec![name, value])));
                Ok(OthersResponse::Ok(read("others", values)))
            }

            async fn send_form(&self, request: SendFormRequest) -> Result<SendFormResponse, String> {
                let values = vec![one(&request.body.text), request.body.list];
                Ok(SendFormResponse::Ok(read("send_form", values)))
            }
        }
    };
}

echo! {
    get_item GetItemRequest GetItemResponse id;
    archive_item ArchiveItemRequest ArchiveItemResponse id;
    get_part GetPartRequest GetPartResponse id part;
    get_pair GetPairRequest GetPairResponse a b;
    get_file GetFileRequest GetFileResponse name ext;
}

async fn url() -> String {
    serve(Mount::new(Arc::new(Echo)).default().finish()).await
}

async fn client() -> Client {
    Client::builder(url().await).key("k 1&").build().unwrap()
}

type Outcome = Result<ResponseValue<Read>, Error<types::Problem>>;

/// Whether it was sent, and then read as given; otherwise the parameter to blame is one of `names`.
fn arrived(outcome: Outcome, expected: Read, names: &[&str]) -> bool {
    match outcome {
        Ok(read) => {
            assert_eq!(read.into_inner(), expected);
            true
        }
        Err(error) => {
            let blamed = error
                .parameter()
                .unwrap_or_else(|| panic!("{error} for {expected:?}"));
            assert!(names.contains(&blamed), "{error} for {expected:?}");
            false
        }
    }
}

#[tokio::test]
async fn what_is_in_a_path_is_read_back_or_not_sent() {
    let client = client().await;
    for id in [
        "a:archive",
        "a/b",
        "a\\b",
        "ü",
        " ",
        "%2F",
        "a%41",
        "+",
        ";",
        "\r\n",
        "\0",
        "...",
        "?#",
    ] {
        assert!(arrived(
            client.get_item(id).await,
            read("get_item", vec![one(id)]),
            &[]
        ));
        assert!(arrived(
            client.archive_item(id).await,
            read("archive_item", vec![one(id)]),
            &[]
        ));
        let part = client.get_part(id, id).await;
        assert!(arrived(part, read("get_part", vec![one(id), one(id)]), &[]));
        let pair = client.get_pair(id, "x,y").await;
        assert!(arrived(
            pair,
            read("get_pair", vec![one(id), one("x,y")]),
            &[]
        ));
    }
    for id in ["", ".", "..", "variants"] {
        let error = client.get_item(id).await.unwrap_err();
        assert_eq!(error.parameter(), Some("id"), "{error}");
        assert!(
            error
                .to_string()
                .starts_with("`getItem`: `id` cannot be sent: "),
            "{error}"
        );
    }
    let part = client.get_part("variants", "x").await;
    assert!(arrived(
        part,
        read("get_part", vec![one("variants"), one("x")]),
        &[]
    ));
    let file = client.get_file("a", "tar.gz").await;
    assert!(arrived(
        file,
        read("get_file", vec![one("a"), one("tar.gz")]),
        &[]
    ));
    let error = client.get_file("a.tar", "gz").await.unwrap_err();
    assert_eq!(error.parameter(), Some("name"), "{error}");
    let tags = ["a,b".to_owned(), String::new(), "c/d".to_owned()];
    let expected = read("get_tags", vec![Some(tags.to_vec())]);
    assert!(arrived(client.get_tags(&tags).await, expected, &[]));
    assert!(client.get_tags(&[]).await.unwrap_err().parameter() == Some("tags"));
}

#[tokio::test]
async fn random_values_are_read_back_or_not_sent() {
    let client = client().await;
    let mut random = Random(11);
    let (mut sent, mut refused) = (0, 0);
    let mut count = |arrived: bool| if arrived { sent += 1 } else { refused += 1 };
    for _ in 0..300 {
        let (a, b) = (random.text(), random.text());
        count(arrived(
            client.get_item(&a).await,
            read("get_item", vec![one(&a)]),
            &["id"],
        ));
        count(arrived(
            client.archive_item(&a).await,
            read("archive_item", vec![one(&a)]),
            &["id"],
        ));
        let both = || vec![one(&a), one(&b)];
        count(arrived(
            client.get_part(&a, &b).await,
            read("get_part", both()),
            &["id", "part"],
        ));
        count(arrived(
            client.get_pair(&a, &b).await,
            read("get_pair", both()),
            &["a", "b"],
        ));
        count(arrived(
            client.get_file(&a, &b).await,
            read("get_file", both()),
            &["name", "ext"],
        ));
        let list = random.list();
        let expected = read("get_tags", vec![Some(list.clone())]);
        count(arrived(client.get_tags(&list).await, expected, &["tags"]));

        let mut some = |given: bool| given.then(|| random.text());
        let texts = [some(true), some(true), some(false), some(true)];
        let expected = texts
            .iter()
            .cloned()
            .map(|text| text.map(|text| vec![text]));
        let expected = read("texts", expected.chain([None]).collect());
        let [text, odd, header, cookie] = &texts;
        let outcome = client
            .texts(
                None,
                odd.as_deref(),
                text.as_deref(),
                header.as_deref(),
                cookie.as_deref(),
            )
            .await;
        count(arrived(outcome, expected, &[]));

        // One style at a time, so that a refusal says nothing of the others.
        for place in 0..6 {
            let mut lists: [Option<Vec<String>>; 6] = Default::default();
            lists[place] = Some(random.list());
            let [commas, pipes, repeated, spaces, header, cookie] = &lists;
            let outcome = client
                .lists(
                    commas.as_deref(),
                    pipes.as_deref(),
                    repeated.as_deref(),
                    spaces.as_deref(),
                    header.as_deref(),
                    cookie.as_deref(),
                )
                .await;
            let names = ["commas", "pipes", "repeated", "spaces", "X-List", "list"];
            count(arrived(
                outcome,
                read("lists", lists.to_vec()),
                &names[place..=place],
            ));
        }

        let filter: BTreeMap<String, String> = [(random.text(), random.text())].into();
        let values = filter
            .iter()
            .map(|(name, value)| Some(vec![name.clone(), value.clone()]));
        let values = [one("k 1&"), None].into_iter().chain(values).collect();
        let outcome = client.others(Some(&filter), None).await;
        count(arrived(outcome, read("others", values), &["filter"]));

        let list = random.list();
        let expected = read("send_form", vec![one(&a), Some(list.clone())]);
        count(arrived(
            client.send_form(&a, Some(&list)).await,
            expected,
            &["list"],
        ));
    }
    assert!(sent > 2000, "{sent} sent, {refused} refused");
    assert!(refused > 300, "{sent} sent, {refused} refused");
}

#[tokio::test]
async fn values_in_headers_arrive_or_are_refused() {
    let client = client().await;
    for text in ["", "a b", "a;b,c", "\"q\"", "a\tb"] {
        let outcome = client.texts(None, None, None, Some(text), None).await;
        let expected = read("texts", vec![None, None, one(text), None, None]);
        assert!(arrived(outcome, expected, &[]), "{text:?}");
    }
    for text in ["ü", "a\r\nX-Evil: 1", "a\nb", " a", "a\t", "\0"] {
        let outcome = client.texts(None, None, None, Some(text), None).await;
        assert_eq!(outcome.unwrap_err().parameter(), Some("X-Text"), "{text:?}");
    }
    let outcome = client
        .texts(Some(&[1.5, f64::NAN]), None, None, None, None)
        .await;
    assert_eq!(outcome.unwrap_err().parameter(), Some("number"));
}

#[tokio::test]
async fn lists_that_look_alike_are_told_apart() {
    let client = client().await;
    let (none, empty): (&[String], &[String]) = (&[], &[String::new()]);
    let commas = client.lists(Some(none), None, None, None, None, None).await;
    let expected = read(
        "lists",
        vec![Some(Vec::new()), None, None, None, None, None],
    );
    assert!(arrived(commas, expected, &[]));
    let commas = client
        .lists(Some(empty), None, None, None, None, None)
        .await;
    assert_eq!(commas.unwrap_err().parameter(), Some("commas"));
    let repeated = client
        .lists(None, None, Some(empty), None, None, None)
        .await;
    let expected = read(
        "lists",
        vec![None, None, Some(empty.to_vec()), None, None, None],
    );
    assert!(arrived(repeated, expected, &[]));
    let repeated = client.lists(None, None, Some(none), None, None, None).await;
    assert_eq!(repeated.unwrap_err().parameter(), Some("repeated"));
}

#[tokio::test]
async fn a_map_cannot_reach_parameters_of_their_own() {
    let client = client().await;
    for name in ["limit", "api key"] {
        let filter: BTreeMap<String, String> = [(name.to_owned(), "1".to_owned())].into();
        let error = client.others(Some(&filter), None).await.unwrap_err();
        assert_eq!(error.parameter(), Some("filter"), "{error}");
    }
}

/// What the server reads of a request that no client of ours writes.
async fn raw(path: &str, header: (&str, &str)) -> (u16, String) {
    let answer = http()
        .get(format!("{}{path}", url().await))
        .header(header.0, header.1.as_bytes())
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn lists_are_split_before_they_are_decoded() {
    let values = |text: &str| -> Vec<Option<Vec<String>>> {
        serde_json::from_str::<Read>(text)
            .unwrap_or_else(|_| panic!("{text}"))
            .values
    };
    let list = |items: &[&str]| {
        Some(
            items
                .iter()
                .map(|item| item.to_string())
                .collect::<Vec<_>>(),
        )
    };
    let none = ("X-None", "");
    for (path, header, place, expected) in [
        ("/lists?commas=a%2Cb,c", none, 0, list(&["a,b", "c"])),
        ("/lists?commas=a+b,%2B", none, 0, list(&["a b", "+"])),
        ("/lists?commas=", none, 0, list(&[])),
        ("/lists?commas=,", none, 0, list(&["", ""])),
        ("/lists?pipes=a%7Cb|c", none, 1, list(&["a|b", "c"])),
        (
            "/lists?repeated=a,b&repeated=%2C",
            none,
            2,
            list(&["a,b", ","]),
        ),
        ("/lists?spaces=a%20b+c%2B", none, 3, list(&["a", "b", "c+"])),
        ("/lists", ("X-List", "a%2Cb , c"), 4, list(&["a%2Cb", "c"])),
        (
            "/lists",
            ("Cookie", "x=1; list=a%2Cb,c%3B"),
            5,
            list(&["a,b", "c;"]),
        ),
        (
            "/lists",
            ("Cookie", "other=\u{fc}; list=a"),
            5,
            list(&["a"]),
        ),
    ] {
        let (status, text) = raw(path, header).await;
        assert_eq!(status, 200, "{path} {header:?}: {text}");
        assert_eq!(values(&text)[place], expected, "{path} {header:?}");
    }
    let (_, text) = raw("/tags/a%2Cb,c%2F", none).await;
    assert_eq!(values(&text), [list(&["a,b", "c/"])]);
    let (_, text) = raw("/texts", ("Cookie", "text=a%20%C3%BC+")).await;
    assert_eq!(values(&text)[3], list(&["a ü+"]));
    let (_, text) = raw("/texts", ("Cookie", "text=ü")).await;
    assert_eq!(values(&text)[3], list(&["ü"]));
    assert_eq!(raw("/lists?commas=%FF,a", none).await.0, 400);
    assert_eq!(raw("/lists?commas=a&commas=b", none).await.0, 400);
    assert_eq!(raw("/others?api%20key=a&api%20key=b", none).await.0, 401);
}
