//! How much memory a long sequence takes, with server and client in one process that does nothing else.

use super::*;

/// `SEQUENCE_ITEMS` sets another number.
const ITEMS: u64 = 100_000;

const LIMIT_KIB: u64 = 32 * 1024;

/// What `/proc` says of this process under `name`, in KiB.
fn kib(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_ascii_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap()
}

#[test]
fn a_long_sequence_takes_no_more_memory_than_a_short_one() {
    const ALONE: &str = "SEQUENCE_ALONE";
    if std::env::var_os(ALONE).is_some() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        return runtime.block_on(measure());
    }
    let name = "memory::a_long_sequence_takes_no_more_memory_than_a_short_one";
    let mut alone = std::process::Command::new(std::env::current_exe().unwrap());
    alone.args([name, "--exact", "--nocapture"]).env(ALONE, "1");
    assert!(alone.status().unwrap().success());
}

async fn measure() {
    let items = std::env::var("SEQUENCE_ITEMS").ok();
    let items = items.map_or(ITEMS, |items| items.parse().unwrap());
    let (address, _) = serve().await;
    let client = client(address);
    both_ways(&client, 1000).await;
    let before = kib("VmRSS:");
    let begin = std::time::Instant::now();
    both_ways(&client, items).await;
    let grown = kib("VmHWM:").saturating_sub(before);
    println!(
        "{items} items each way in {:?}: {grown} KiB more at most",
        begin.elapsed()
    );
    assert!(grown < LIMIT_KIB, "{grown} KiB for {items} items");
}

async fn both_ways(client: &Client, count: u64) {
    let items = client.get_lines(&count.to_string()).await.unwrap();
    let mut items = items.into_inner();
    let mut read = 0;
    while let Some(item) = items.next().await {
        assert_eq!(item.unwrap().x, read % 1_000_000);
        read += 1;
    }
    assert_eq!(read, count);
    let points = (0..count).map(|x| point(x % 1_000_000));
    let sent = client.send_lines("all", crate::client::items(points));
    assert_eq!(sent.await.unwrap().count, count as i64);
}
