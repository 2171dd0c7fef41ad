//! Sequences of items arrive as they were sent, one after the other, whatever happens on the way.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("sequences");

mod events;
mod incoming;
mod memory;
mod outgoing;
mod parts;
mod proxy;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use api::support::{Incoming, Items};
use api::*;
use client::Client;
use tokio::sync::Notify;
use types::{ChatEvent, Circle, GetEventsEvent, News, Point, Problem, Shape, Sum};

/// Answers with what its path asks for.
#[derive(Default)]
struct Desk {
    heard: Mutex<Vec<String>>,
    /// How many items were made, and read.
    made: Arc<AtomicU64>,
    /// Told when what makes items is dropped.
    dropped: Arc<Notify>,
    /// `Last-Event-ID` of every request for events.
    resumed: Mutex<Vec<Option<String>>>,
}

impl Api for Desk {
    type Contract = Contract;
    type Context = ();
    type Fault = String;

    async fn authenticate(&self, _: Operation, _: Credentials<'_>) -> Result<(), Denial> {
        Ok(())
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> ErrorBody {
        let detail = match rejection {
            Rejection::Invalid(violations) => violations[0].to_string(),
            rejection => rejection.to_string(),
        };
        Problem { detail }
    }

    fn broken_off(&self, operation: Operation, reason: &str) {
        self.hear(format!("{} broke off: {reason}", operation.id()));
    }

    fn invalid_answer(&self, _: Operation, violations: &[support::Violation]) {
        for violation in violations {
            self.hear(violation.to_string());
        }
    }

    fn fault(&self, operation: Operation, fault: &String) {
        self.hear(format!("{} failed: {fault}", operation.id()));
    }
}

impl Desk {
    fn hear(&self, what: String) {
        self.heard.lock().unwrap().push(what);
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    /// Large points without end.
    fn endless(&self) -> Items<Point> {
        let (made, dropped) = (Arc::clone(&self.made), Dropped(Arc::clone(&self.dropped)));
        Items::produced(async move |mut to: support::Sender<Point>| {
            let _dropped = dropped;
            loop {
                let x = made.fetch_add(1, Ordering::Relaxed);
                let label = Some("x".repeat(1024 * 1024));
                to.send(Point { x, label }).await;
            }
            #[allow(unreachable_code, reason = "says what it would fail with")]
            Ok::<(), Infallible>(())
        })
    }
}

struct Dropped(Arc<Notify>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

fn point(x: u64) -> Point {
    Point { x, label: None }
}

fn event(x: u64) -> GetEventsEvent {
    GetEventsEvent {
        data: point(x),
        event: None,
        id: Some(x.to_string()),
        retry: None,
    }
}

fn shapes() -> Vec<Shape> {
    vec![
        Shape::Circle(Circle {
            kind: types::CircleKind::Circle.into(),
            radius: 1.5,
        }),
        Shape::Point(point(1)),
        Shape::String("line\nfeed \u{1e} and \u{1f980}".to_owned()),
        Shape::Integer(7),
    ]
}

impl DefaultApi for Desk {
    async fn get_lines(&self, request: GetLinesRequest) -> Result<GetLinesResponse, String> {
        let points = (0..5).map(point);
        Ok(GetLinesResponse::Ok(match request.name.as_str() {
            "five" => Items::of(points),
            "none" => Items::default(),
            "wrong" => Items::of([point(1), point(2_000_000), point(3)]),
            "broken" => Items::produced(async |mut to: support::Sender<Point>| {
                to.send(point(1)).await;
                to.send(point(2)).await;
                Err("the database is gone")
            }),
            "panics" => Items::produced(async |mut to: support::Sender<Point>| {
                to.send(point(1)).await;
                panic!("out of paper");
                #[allow(unreachable_code, reason = "says what it would fail with")]
                Ok::<(), Infallible>(())
            }),
            "endless" => self.endless(),
            count => match count.parse() {
                Ok(count) => Items::of((0..count).map(|x| point(x % 1_000_000))),
                Err(_) => {
                    let detail = "no such points".to_owned();
                    return Ok(GetLinesResponse::NotFound(Problem { detail }));
                }
            },
        }))
    }

    async fn send_lines(&self, mut request: SendLinesRequest) -> Result<SendLinesResponse, String> {
        let (mut count, mut sum) = (0, 0);
        if request.name == "unread" {
            return Ok(SendLinesResponse::Ok(Sum { count, sum }));
        }
        while let Some(read) = request.body.next().await {
            let read = match (read, request.name.as_str()) {
                (Err(error), "lenient") => {
                    self.hear(error.to_string());
                    continue;
                }
                (read, _) => read.map_err(|error| error.to_string())?,
            };
            self.made.fetch_add(1, Ordering::Relaxed);
            count += 1;
            sum += read.x as i64;
            if request.name == "lenient" && read.x == 13 {
                return Err("the database is gone".to_owned());
            }
            if request.name == "first" {
                break;
            }
        }
        Ok(SendLinesResponse::Ok(Sum { count, sum }))
    }

    async fn get_records(&self, _: GetRecordsRequest) -> Result<GetRecordsResponse, String> {
        Ok(GetRecordsResponse::Ok(shapes().into()))
    }

    async fn echo_records(
        &self,
        request: EchoRecordsRequest,
    ) -> Result<EchoRecordsResponse, String> {
        Ok(EchoRecordsResponse::Ok(match request.body {
            None => Items::default(),
            Some(EchoRecordsBody::Json(shapes)) => shapes.into(),
            // The answer is made of what still arrives.
            Some(EchoRecordsBody::VndPointsJsonSeq(shapes)) => Items::new(shapes),
        }))
    }

    async fn get_events(&self, request: GetEventsRequest) -> Result<GetEventsResponse, String> {
        let wants = request
            .accept
            .prefers(&["text/event-stream", "application/jsonl"]);
        if wants == Some("application/jsonl") {
            let points = Items::of((0..3).map(point));
            return Ok(GetEventsResponse::Ok(GetEventsOkBody::Jsonl(points)));
        }
        let last = request.last_event_id;
        self.resumed.lock().unwrap().push(last.clone());
        let from = last
            .as_ref()
            .map_or(0, |id| id.parse::<u64>().unwrap_or(0) + 1);
        let events = match request.name.as_str() {
            "silent" => Items::new(Silent).keep_alive(Duration::from_millis(1)),
            "mute" => Items::new(Silent).keep_alive(None),
            "unnamed" => Items::of((from..200).map(|x| GetEventsEvent {
                id: None,
                ..event(x)
            })),
            "slow" => Items::of((from..200).map(|x| GetEventsEvent {
                retry: Some(7),
                ..event(x)
            })),
            "done" => Items::of((from..3).map(event)).with_done(),
            "rounds" if from >= 6 => return Ok(GetEventsResponse::NoContent),
            "rounds" => Items::of((from..from + 2).map(event)),
            _ => Items::of((from..200).map(event)),
        };
        Ok(GetEventsResponse::Ok(GetEventsOkBody::EventStream(events)))
    }

    async fn get_news(&self, request: GetNewsRequest) -> Result<GetNewsResponse, String> {
        let from = request.last_event_id.map_or(0, |id| id as usize + 1);
        Ok(GetNewsResponse::Ok(Items::of(
            events::news().split_off(from),
        )))
    }

    async fn send_news(&self, request: SendNewsRequest) -> Result<SendNewsResponse, String> {
        Ok(SendNewsResponse::Ok(Items::new(Told(request.body))))
    }

    async fn get_parts(&self, _: GetPartsRequest) -> Result<GetPartsResponse, String> {
        Ok(GetPartsResponse::Ok(Items::of((0..5).map(point))))
    }

    async fn echo_parts(&self, request: EchoPartsRequest) -> Result<EchoPartsResponse, String> {
        Ok(EchoPartsResponse::Ok(Items::new(request.body)))
    }

    async fn send_parts(&self, mut request: SendPartsRequest) -> Result<SendPartsResponse, String> {
        let (mut count, mut sum) = (0, 0);
        while let Some(point) = request.body.next().await {
            count += 1;
            sum += point.map_err(|error| error.to_string())?.x as i64;
        }
        Ok(SendPartsResponse::Ok(Sum { count, sum }))
    }

    async fn chat(&self, _: ChatRequest) -> Result<ChatResponse, String> {
        let event = |x| ChatEvent {
            data: point(x),
            id: Some(x.to_string()),
        };
        Ok(ChatResponse::Ok(Items::of((0..200).map(event))))
    }
}

/// Nothing, for ever.
struct Silent;

impl support::Stream for Silent {
    type Item = Result<GetEventsEvent, Infallible>;

    fn poll_next(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Pending
    }
}

/// News in words.
struct Told(Incoming<News>);

impl support::Stream for Told {
    type Item = Result<String, support::IncomingError>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        let next = support::Stream::poll_next(std::pin::Pin::new(&mut self.0), cx);
        next.map(|news| {
            news.map(|news| {
                news.map(|news| match news {
                    News::Added(added) => format!("added {}", added.data.x),
                    News::Said(said) => format!("said {}", said.data),
                })
            })
        })
    }
}

async fn serve() -> (SocketAddr, Arc<Desk>) {
    let desk = Arc::new(Desk::default());
    let mount = Mount::new(Arc::clone(&desk)).default();
    let router = mount.check_answers(true).finish();
    (samples::serve(router).await, desk)
}

fn client(address: SocketAddr) -> Client {
    let builder = Client::builder(format!("http://{address}"));
    builder.build().unwrap()
}

/// Every item, and the errors between them as text.
async fn all<T>(mut items: client::Items<T>) -> Vec<Result<T, String>> {
    let mut all = Vec::new();
    while let Some(item) = items.next().await {
        all.push(item.map_err(|error| error.to_string()));
        assert!(all.len() < 10_000, "there is no end of it");
    }
    all
}
