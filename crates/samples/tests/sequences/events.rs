//! Events: what they carry, and how a stream of them goes on where its connection is lost.

use super::*;
use client::{Error, GetEventsOkBody as Body, GetEventsSuccess, ItemError, RetryPolicy, Sleeper};
use types::{NewsAdded, NewsAddedEvent, NewsSaid, NewsSaidEvent};

/// Waits for nothing, and notes for how long it would have.
#[derive(Default)]
struct Noting(Mutex<Vec<Duration>>);

impl Sleeper for Noting {
    fn sleep(&self, wait: Duration) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.0.lock().unwrap().push(wait);
        Box::pin(tokio::task::yield_now())
    }
}

fn hasty(address: SocketAddr) -> (Client, Arc<Noting>) {
    let noting = Arc::new(Noting::default());
    let policy = RetryPolicy::default().sleeper(Arc::clone(&noting) as Arc<dyn Sleeper>);
    let builder = Client::builder(format!("http://{address}"));
    (builder.retry(policy).build().unwrap(), noting)
}

async fn events_of(client: &Client, name: &str) -> client::Items<GetEventsEvent> {
    match client.get_events(name).await.unwrap().into_inner() {
        GetEventsSuccess::Ok(Body::EventStream(events)) => events,
        _ => panic!("no events"),
    }
}

pub(crate) fn news() -> Vec<News> {
    let added = |x, id: &str| {
        News::Added(NewsAdded {
            event: NewsAddedEvent::Added.into(),
            data: point(x),
            id: Some(id.to_owned()),
        })
    };
    let said = |text: &str, id: &str| {
        News::Said(NewsSaid {
            event: NewsSaidEvent::Said.into(),
            data: text.to_owned(),
            id: Some(id.to_owned()),
        })
    };
    vec![
        added(1, "0"),
        said("two\nlines", "1"),
        // Text that looks like JSON, or like fields of an event.
        said(r#"{"x":1}"#, "2"),
        said("id: 9\n\nevent: x", "3"),
        said("", "4"),
        said(" blanks ", "5"),
        added(7, "6"),
    ]
}

#[tokio::test]
async fn events_are_written_as_the_standard_has_them() {
    let (address, _) = serve().await;
    let request = b"GET /news HTTP/1.0\r\nHost: x\r\n\r\n";
    let answer = samples::raw(address, request).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("content-type: text/event-stream"), "{head}");
    assert!(head.contains("cache-control: no-cache"), "{head}");
    let begin =
        "event: added\nid: 0\ndata: {\"x\":1}\n\nevent: said\nid: 1\ndata: two\ndata: lines\n\n";
    assert!(body.starts_with(begin), "{body}");
}

#[tokio::test]
async fn events_of_several_kinds_arrive_as_what_they_are() {
    let (address, desk) = serve().await;
    let expected: Vec<_> = news().into_iter().map(Ok).collect();
    let items = client(address).get_news(None).await.unwrap();
    assert_eq!(all(items.into_inner()).await, expected);
    // A declared `Last-Event-ID` is a parameter as any other.
    let rest = client(address).get_news(Some(4)).await.unwrap();
    assert_eq!(all(rest.into_inner()).await, expected[5..]);
    assert_eq!(desk.heard(), [] as [&str; 0]);
}

#[tokio::test]
async fn a_cut_connection_goes_on_without_a_lost_or_doubled_event() {
    // Wherever it is cut: within heads, fields, and at the ends of events.
    for after in (400..700).step_by(7) {
        let (address, desk) = serve().await;
        let (proxy, connections) = proxy::cutting(address, after).await;
        let (client, _) = hasty(proxy);
        let mut events = events_of(&client, "all").await;
        let mut seen = 0;
        while let Some(event) = events.next().await {
            assert_eq!(event.unwrap().data.x, seen, "cut after {after}");
            seen += 1;
        }
        assert_eq!(seen, 200, "cut after {after}");
        assert_eq!(events.last_event_id(), Some("199"));
        assert!(connections.load(Ordering::Relaxed) > 3, "cut after {after}");
        let resumed = desk.resumed.lock().unwrap().clone();
        assert_eq!(resumed[0], None);
        assert!(resumed[1..].iter().all(Option::is_some), "{resumed:?}");
    }
}

#[tokio::test]
async fn the_server_says_how_long_to_wait() {
    let (address, _) = serve().await;
    let (proxy, _) = proxy::cutting(address, 2000).await;
    let (client, noting) = hasty(proxy);
    let seen = all(events_of(&client, "slow").await).await;
    assert_eq!(seen.len(), 200);
    let waits = noting.0.lock().unwrap().clone();
    assert!(waits.len() > 1);
    assert!(
        waits.iter().all(|wait| *wait == Duration::from_millis(7)),
        "{waits:?}"
    );
}

#[tokio::test]
async fn without_progress_there_are_as_many_attempts_as_the_policy_has() {
    let (address, desk) = serve().await;
    // The head and less than an event.
    let (proxy, connections) = proxy::cutting(address, 180).await;
    let (client, noting) = hasty(proxy);
    let mut events = events_of(&client, "all").await;
    let error = loop {
        match events.next().await.unwrap() {
            Ok(_) => continue,
            Err(error) => break error,
        }
    };
    assert!(matches!(error, ItemError::BrokenOff(_)), "{error}");
    assert!(events.next().await.is_none());
    let asked = desk.resumed.lock().unwrap().len();
    assert_eq!(connections.load(Ordering::Relaxed), asked);
    assert_eq!(noting.0.lock().unwrap().len(), asked - 1);
}

#[tokio::test]
async fn what_cannot_be_gone_on_with_is_an_error() {
    let (address, _) = serve().await;
    let (proxy, connections) = proxy::cutting(address, 2000).await;
    let (client, _) = hasty(proxy);
    // Events without `id`, and a method that would do something twice.
    let unnamed = all(events_of(&client, "unnamed").await).await;
    assert_eq!(
        *unnamed.last().unwrap(),
        Err("the answer broke off".to_owned())
    );
    assert_eq!(connections.load(Ordering::Relaxed), 1);
    let chat = all(client.chat().await.unwrap().into_inner()).await;
    assert!(chat.len() > 2 && chat[..chat.len() - 1].iter().all(Result::is_ok));
    assert_eq!(
        *chat.last().unwrap(),
        Err("the answer broke off".to_owned())
    );
    assert_eq!(connections.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn how_a_lost_stream_goes_on_is_up_to_the_server() {
    const EVENTS: &str = "text/event-stream";
    let first = || {
        proxy::answer(
            "200 OK",
            EVENTS,
            "id: 1\ndata: {\"x\":1}\n\nid: 2\ndata: {\"x",
            100,
        )
    };
    let second = proxy::answer("200 OK", EVENTS, "id: 2\ndata: {\"x\":2}\n\n", 0);
    let refused = "the answer broke off, and the server does not go on with it: 404 Not Found";
    for (then, ending) in [
        (vec![second.clone()], vec![Ok(2)]),
        // A proxy whose server is about to be there again, and a connection that is cut at once.
        (
            vec![
                proxy::answer("502 Bad Gateway", "text/html", "", 0),
                String::new(),
                second,
            ],
            vec![Ok(2)],
        ),
        (
            vec!["HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_owned()],
            vec![],
        ),
        (
            vec![proxy::answer("404 Not Found", "text/html", "", 0)],
            vec![Err(refused)],
        ),
    ] {
        let answers = std::iter::once(first()).chain(then.clone()).collect();
        let (address, heads) = proxy::scripted(answers).await;
        let (client, _) = hasty(address);
        let seen = all(events_of(&client, "any").await).await;
        let seen: Vec<_> = seen
            .into_iter()
            .map(|event| event.map(|event| event.data.x))
            .collect();
        let ending = ending.into_iter().map(|it| it.map_err(str::to_owned));
        let expected: Vec<_> = std::iter::once(Ok(1)).chain(ending).collect();
        assert_eq!(seen, expected, "{then:?}");
        let heads = heads.lock().unwrap().clone();
        assert_eq!(heads.len(), 1 + then.len());
        assert!(!heads[0].contains("last-event-id"), "{}", heads[0]);
        assert!(
            heads[1..]
                .iter()
                .all(|head| head.contains("\r\nlast-event-id: 1\r\n")),
            "{heads:?}"
        );
    }
}

#[tokio::test]
async fn a_silent_connection_counts_as_lost() {
    let (address, desk) = serve().await;
    let (client, noting) = hasty(address);
    let lively = events_of(&client, "all").await;
    assert_eq!(
        all(lively.silence(Duration::from_secs(60))).await.len(),
        200
    );
    let mute = events_of(&client, "mute").await;
    let error = all(mute.silence(Duration::from_millis(1))).await;
    assert_eq!(error, [Err("nothing came for 1ms".to_owned())]);
    // As often as the policy says, without an event between.
    assert_eq!(noting.0.lock().unwrap().len(), 3);
    assert_eq!(desk.resumed.lock().unwrap().len(), 5);
}

#[tokio::test]
async fn a_stream_that_is_followed_ends_with_204() {
    let (address, desk) = serve().await;
    let (client, _) = hasty(address);
    let seen = all(events_of(&client, "rounds").await.follow()).await;
    assert_eq!(seen, (0..6).map(|x| Ok(event(x))).collect::<Vec<_>>());
    assert_eq!(desk.resumed.lock().unwrap().len(), 4);
    // Otherwise the end is the end.
    let seen = all(events_of(&client, "rounds").await).await;
    assert_eq!(seen.len(), 2);
    // Another process goes on where this one was.
    let later = client.with_last_event_id("1").unwrap();
    assert_eq!(
        all(events_of(&later, "rounds").await).await[0],
        Ok(event(2))
    );
}

#[tokio::test]
async fn the_last_of_many_services_is_no_event() {
    let (address, _) = serve().await;
    let request = b"GET /events/done HTTP/1.0\r\nHost: x\r\n\r\n";
    let answer = samples::raw(address, request).await.unwrap();
    assert!(answer.ends_with("\n\ndata: [DONE]\n\n"), "{answer}");
    let (client, _) = hasty(address);
    let seen = all(events_of(&client, "done").await.follow()).await;
    assert_eq!(seen, (0..3).map(|x| Ok(event(x))).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_stream_that_is_silent_says_that_it_is_there() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let (address, _) = serve().await;
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = b"GET /events/silent HTTP/1.0\r\nHost: x\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let mut read = Vec::new();
    while !String::from_utf8_lossy(&read).contains("\r\n\r\n:\n\n:\n\n") {
        let mut piece = [0; 1024];
        let count = stream.read(&mut piece).await.unwrap();
        assert_ne!(count, 0, "{}", String::from_utf8_lossy(&read));
        read.extend_from_slice(&piece[..count]);
    }
}

#[tokio::test]
async fn an_error_of_a_stream_is_one_of_a_call() {
    let error = ItemError::Invalid(3, "it is late".to_owned());
    let error: Error<Problem> = error.into();
    let text = "item 3 is not what the contract declares: it is late";
    assert_eq!(error.to_string(), text);
}
