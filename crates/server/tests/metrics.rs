//! `/metrics`: on its own listener, in a form that a strict reader accepts, with figures that are right.

mod support;

use std::collections::{HashMap, HashSet};

use hyper::Method;
use support::load::Connection;
use support::{Folder, Http, Server};

/// What a server says about itself: samples by their full name with labels.
struct Scrape(HashMap<String, f64>);

impl Scrape {
    fn value(&self, series: &str) -> f64 {
        let found = self.0.get(series);
        *found.unwrap_or_else(|| panic!("there is no `{series}` in {:#?}", self.0.keys()))
    }
}

/// A server over a demo, the address of its metrics, and its key.
fn demo(folder: &Folder) -> (Server, String, String) {
    let options = ["--demo", "--metrics-listen", "127.0.0.1:0"];
    let mut server = Server::start(&folder.database(), &options);
    let output = server.output_until("/docs/");
    let key = output
        .split_once("demo key:")
        .and_then(|(_, rest)| rest.split_whitespace().next())
        .expect("the demo prints its key")
        .to_owned();
    let metrics = server
        .log
        .iter()
        .find_map(|line| Some(line["metrics_address"].as_str()?.to_owned()))
        .expect("the address is logged");
    (server, metrics, key)
}

async fn scrape(address: &str) -> Scrape {
    let answer = Http::new().get(&format!("http://{address}/metrics")).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.headers["content-type"],
        "text/plain; version=0.0.4; charset=utf-8"
    );
    match read(&answer.text) {
        Ok(samples) => Scrape(samples),
        Err(fault) => panic!("{fault}\n{}", answer.text),
    }
}

#[tokio::test]
async fn requests_are_counted_by_operation_and_status() {
    let folder = Folder::new();
    let (server, metrics, key) = demo(&folder);
    let fresh = scrape(&metrics).await;
    assert_eq!(
        fresh.value("flexportal_http_requests_total{operation=\"listCustomers\",status=\"2xx\"}"),
        0.0,
        "what can happen is there from the start"
    );
    let transactions = fresh.value("flexportal_store_transactions_total");

    let authorization = format!("Bearer {key}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("tenant-id", "demo"),
    ];
    let base = format!("http://{}", server.address);
    let http = Http::new();
    for _ in 0..3 {
        let url = format!("{base}/v1/customers");
        assert_eq!(http.send(Method::GET, &url, &headers, "").await.status, 200);
    }
    let nobody = format!("{base}/v1/customers/cust_nobody");
    assert_eq!(
        http.send(Method::DELETE, &nobody, &headers, "")
            .await
            .status,
        404
    );
    assert_eq!(http.get(&format!("{base}/v1/customers")).await.status, 401);
    assert_eq!(http.get(&format!("{base}/healthz")).await.status, 200);
    assert_eq!(
        http.get(&format!("{base}/metrics")).await.status,
        404,
        "not with the API"
    );

    let now = scrape(&metrics).await;
    for (series, expected) in [
        (
            "requests_total{operation=\"listCustomers\",status=\"2xx\"}",
            3.0,
        ),
        (
            "requests_total{operation=\"listCustomers\",status=\"4xx\"}",
            1.0,
        ),
        (
            "requests_total{operation=\"deleteCustomer\",status=\"4xx\"}",
            1.0,
        ),
        (
            "requests_total{operation=\"deleteCustomer\",status=\"2xx\"}",
            0.0,
        ),
        ("requests_total{operation=\"none\",status=\"2xx\"}", 1.0),
        ("requests_total{operation=\"none\",status=\"4xx\"}", 1.0),
        (
            "request_duration_seconds_count{operation=\"listCustomers\"}",
            4.0,
        ),
        (
            "request_duration_seconds_bucket{operation=\"listCustomers\",le=\"+Inf\"}",
            4.0,
        ),
        ("requests_in_flight", 0.0),
    ] {
        assert_eq!(
            now.value(&format!("flexportal_http_{series}")),
            expected,
            "{series}"
        );
    }
    assert!(
        now.value("flexportal_http_request_duration_seconds_sum{operation=\"listCustomers\"}")
            > 0.0
    );
    // Housekeeping may have written as well.
    assert!(now.value("flexportal_store_transactions_total") > transactions);
    assert!(now.value("flexportal_store_commit_seconds_total") > 0.0);
    assert_eq!(now.value("flexportal_answer_violations_total"), 0.0);
    if cfg!(target_os = "linux") {
        assert!(now.value("process_resident_memory_bytes") > 1e6);
        assert!(now.value("process_open_fds") > 3.0);
    }
}

#[tokio::test]
async fn alerts_are_about_figures_that_exist() {
    let folder = Folder::new();
    let (_server, metrics, _) = demo(&folder);
    let scrape = scrape(&metrics).await;
    let alerts = include_str!("../deploy/alerts.yaml");
    let words = alerts.split(|it: char| !(it.is_ascii_alphanumeric() || it == '_'));
    let mut found = 0;
    for name in words.filter(|it| it.starts_with("flexportal_") || it.starts_with("process_")) {
        let exists = scrape.0.keys().any(|series| {
            let rest = series.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('{'))
        });
        assert!(exists || !cfg!(target_os = "linux"), "`{name}`");
        found += 1;
    }
    assert!(found > 10, "{found}");
}

#[tokio::test]
async fn what_is_under_way_is_counted_up_and_down_again() {
    let folder = Folder::new();
    let (server, metrics, key) = demo(&folder);
    let mut idle = Connection::open(&server.address)
        .await
        .expect("the server accepts");
    let mut stuck = std::net::TcpStream::connect(&server.address).expect("the server accepts");
    let head = format!(
        "PUT /v1/customers/cust_nobody HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\n\
         tenant-id: demo\r\ncontent-type: application/json\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n"
    );
    std::io::Write::write_all(&mut stuck, head.as_bytes()).expect("written");
    // The interim answer shows that the request is being handled.
    let mut interim = [0_u8; 25];
    std::io::Read::read_exact(&mut stuck, &mut interim).expect("an interim answer");
    let request = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    assert_eq!(idle.send(request).await.expect("an answer"), 200);

    let during = scrape(&metrics).await;
    assert_eq!(during.value("flexportal_http_requests_in_flight"), 1.0);
    assert_eq!(during.value("flexportal_http_connections"), 2.0);
    let accepted = during.value("flexportal_http_connections_accepted_total");
    assert_eq!(accepted, 2.0);
    // The client goes away in the middle of its request.
    drop(stuck);
    drop(idle);
    let since = std::time::Instant::now();
    loop {
        let after = scrape(&metrics).await;
        let left = after.value("flexportal_http_requests_in_flight")
            + after.value("flexportal_http_connections");
        if left == 0.0 {
            break;
        }
        assert!(since.elapsed().as_secs() < 20, "{left} are still counted");
    }
}

#[test]
fn the_reader_of_these_tests_is_strict() {
    let good = "# HELP a_total A.\n# TYPE a_total counter\na_total{b=\"c\"} 1\n";
    assert_eq!(read(good).expect("well-formed")["a_total{b=\"c\"}"], 1.0);
    let histogram =
        |lines: &str| format!("# HELP h_seconds H.\n# TYPE h_seconds histogram\n{lines}");
    for (what, text) in [
        ("no newline at the end", good.trim_end().to_owned()),
        ("no help", good.replace("# HELP a_total A.\n", "")),
        ("no type", good.replace("# TYPE a_total counter\n", "")),
        ("counter without _total", good.replace("a_total", "a")),
        ("gauge with _total", good.replace("counter", "gauge")),
        ("series twice", format!("{good}a_total{{b=\"c\"}} 2\n")),
        ("family twice", format!("{good}{good}")),
        (
            "unit that is no base unit",
            good.replace("a_total", "a_ms_total"),
        ),
        ("label without quotes", good.replace("\"c\"", "c")),
        ("value that is no number", good.replace("} 1", "} one")),
        ("sample of no family", format!("{good}other 1\n")),
        (
            "classes that shrink",
            histogram(
                "h_seconds_bucket{le=\"1\"} 2\nh_seconds_bucket{le=\"+Inf\"} 1\nh_seconds_sum 1\nh_seconds_count 1\n",
            ),
        ),
        (
            "no last class",
            histogram("h_seconds_bucket{le=\"1\"} 1\nh_seconds_sum 1\nh_seconds_count 1\n"),
        ),
        (
            "count that differs",
            histogram("h_seconds_bucket{le=\"+Inf\"} 1\nh_seconds_sum 1\nh_seconds_count 2\n"),
        ),
    ] {
        assert!(read(&text).is_err(), "{what} is accepted: {text}");
    }
}

/// Reads a page as strictly as `promtool check metrics` and a little more.
fn read(text: &str) -> Result<HashMap<String, f64>, String> {
    if !text.ends_with('\n') {
        return Err("the last line does not end".into());
    }
    let (mut samples, mut families) = (HashMap::new(), HashSet::new());
    let (mut name, mut kind) = (String::new(), String::new());
    let mut lines = text.lines().peekable();
    let mut order = Vec::new();
    while let Some(line) = lines.next() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (family, help) = help.split_once(' ').ok_or(format!("no help: {line}"))?;
            let next = lines.next().unwrap_or_default();
            let declared = next.strip_prefix(&format!("# TYPE {family} "));
            kind = declared.ok_or(format!("no type after: {line}"))?.to_owned();
            check_name(family, &kind)?;
            if help.is_empty() || !families.insert(family.to_owned()) {
                return Err(format!("empty help, or a family twice: {line}"));
            }
            name = family.to_owned();
            continue;
        }
        let (series, value) = line.rsplit_once(' ').ok_or(format!("no value: {line}"))?;
        let value: f64 = value.parse().map_err(|_| format!("no number: {line}"))?;
        let (sample, labels) = series.split_once('{').unwrap_or((series, "}"));
        let suffix = sample
            .strip_prefix(&name)
            .ok_or(format!("not in its family: {line}"))?;
        let fits = match kind.as_str() {
            "histogram" => ["_bucket", "_sum", "_count"].contains(&suffix),
            _ => suffix.is_empty(),
        };
        if name.is_empty() || !fits {
            return Err(format!("a sample of no family: {line}"));
        }
        let labels = labels
            .strip_suffix('}')
            .ok_or(format!("open labels: {line}"))?;
        for label in labels.split(',').filter(|it| !it.is_empty()) {
            let (label, text) = label.split_once('=').ok_or(format!("no label: {line}"))?;
            let quoted = text.len() >= 2 && text.starts_with('"') && text.ends_with('"');
            if !quoted
                || !label
                    .bytes()
                    .all(|it| it.is_ascii_lowercase() || it == b'_')
            {
                return Err(format!("malformed label: {line}"));
            }
        }
        if samples.insert(series.to_owned(), value).is_some() {
            return Err(format!("a series twice: {line}"));
        }
        order.push((name.clone(), kind.clone(), series.to_owned(), value));
    }
    check_histograms(&order, &samples)?;
    Ok(samples)
}

fn check_name(name: &str, kind: &str) -> Result<(), String> {
    let fits = name
        .bytes()
        .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'_');
    if !fits || !["counter", "gauge", "histogram"].contains(&kind) {
        return Err(format!("malformed name or type: {name} {kind}"));
    }
    if name.ends_with("_total") != (kind == "counter") {
        return Err(format!("`_total` is for counters: {name} {kind}"));
    }
    let units = [
        "ms",
        "us",
        "ns",
        "milliseconds",
        "microseconds",
        "minutes",
        "kb",
        "mb",
        "kilobytes",
    ];
    match name.split('_').find(|part| units.contains(part)) {
        Some(unit) => Err(format!("`{unit}` is no base unit: {name}")),
        None => Ok(()),
    }
}

fn check_histograms(
    order: &[(String, String, String, f64)],
    samples: &HashMap<String, f64>,
) -> Result<(), String> {
    let mut last: Option<(String, f64, f64)> = None;
    for (name, kind, series, value) in order.iter().filter(|it| it.1 == "histogram") {
        if let Some(labels) = series.strip_prefix(&format!("{name}_bucket{{")) {
            let (rest, bound) = labels
                .split_once("le=\"")
                .ok_or(format!("no le: {series}"))?;
            let bound = bound.trim_end_matches("\"}").replace("+Inf", "inf");
            let bound: f64 = bound.parse().map_err(|_| format!("no bound: {series}"))?;
            if let Some((of, before, count)) = &last
                && of == rest
                && (*before >= bound || count > value)
            {
                return Err(format!("classes do not ascend: {series}"));
            }
            last = Some((rest.to_owned(), bound, *value));
        } else if let Some(labels) = series.strip_prefix(&format!("{name}_count")) {
            let labels = labels.trim_matches(['{', '}']);
            let comma = if labels.is_empty() { "" } else { "," };
            let all = format!("{name}_bucket{{{labels}{comma}le=\"+Inf\"}}");
            if samples.get(&all) != Some(value) {
                return Err(format!("{kind} does not add up: {series}"));
            }
        }
    }
    Ok(())
}
