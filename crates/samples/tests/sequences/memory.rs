//! How much memory a long sequence takes.

use super::*;

/// Resident memory of this process in KiB.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}

#[tokio::test]
async fn a_long_sequence_takes_no_more_memory_than_a_short_one() {
    const ITEMS: u64 = 100_000;
    let (address, _) = serve().await;
    let client = client(address);
    let mut before = None;
    for count in [1000, ITEMS] {
        let items = client.get_lines(&count.to_string()).await.unwrap();
        let mut items = items.into_inner();
        let mut read = 0;
        while let Some(item) = items.next().await {
            assert_eq!(item.unwrap().x, read);
            read += 1;
        }
        assert_eq!(read, count);
        let sent = client.send_lines("all", client::items((0..count).map(point)));
        assert_eq!(sent.await.unwrap().count, count as i64);
        // Other tests of this process take some, too; what would be kept of the items is much more.
        if let (Some(now), Some(before)) = (resident(), before.replace(resident())) {
            let grown = now.saturating_sub(before.unwrap_or(now));
            assert!(grown < 256 * 1024, "{grown} KiB for {count} items");
        }
    }
}
