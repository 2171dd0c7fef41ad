//! What is done to the cluster.

use std::time::Duration;

use test_postgres::PatroniCluster;

/// A part that is lost for a while.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    /// Does it: to which machine.
    pub(crate) strike: fn(&mut PatroniCluster) -> usize,
    /// How long it is left so, at least. Clients go on meanwhile.
    pub(crate) lasts: Duration,
    /// Undoes it, as whoever watches over the processes of that machine would.
    pub(crate) repair: fn(&mut PatroniCluster, usize),
}

/// Until clients have got on.
const SOON: Duration = Duration::ZERO;

/// Longer than `ttl`, after which a primary that nobody has confirmed would give up.
const LONG: Duration = Duration::from_secs(12);

pub(crate) const ALL: [Fault; 6] = [
    Fault {
        name: "the primary and its Patroni killed",
        strike: |cluster| {
            let node = cluster.primary().expect("there is a primary");
            cluster.kill_node(node).expect("it is killed");
            node
        },
        lasts: SOON,
        repair: |cluster, node| cluster.restart_node(node).expect("it starts again"),
    },
    Fault {
        name: "the leader of etcd killed",
        strike: |cluster| {
            let node = cluster.etcd_leader().expect("there is a leader");
            cluster.kill_etcd(node).expect("it is killed");
            node
        },
        lasts: SOON,
        repair: |cluster, node| cluster.restart_etcd(node).expect("it starts again"),
    },
    Fault {
        name: "a proxy, HAProxy and PgBouncer, killed",
        strike: |cluster| {
            cluster.kill_proxy(0).expect("it is killed");
            0
        },
        lasts: SOON,
        repair: |cluster, proxy| cluster.restart_proxy(proxy).expect("it starts again"),
    },
    Fault {
        name: "the HAProxy of a proxy killed",
        strike: |cluster| {
            cluster.kill_haproxy(1).expect("it is killed");
            1
        },
        lasts: SOON,
        repair: |cluster, proxy| cluster.restart_haproxy(proxy).expect("it starts again"),
    },
    Fault {
        name: "another primary, as planned",
        strike: |cluster| {
            cluster.switch_over().expect("there is another one");
            0
        },
        lasts: SOON,
        repair: |_, _| {},
    },
    Fault {
        name: "two of three etcd killed",
        strike: |cluster| {
            let node = cluster.etcd_leader().expect("there is a leader");
            cluster.kill_etcd(node).expect("it is killed");
            cluster.kill_etcd((node + 1) % 3).expect("it is killed");
            node
        },
        lasts: LONG,
        repair: |cluster, node| {
            cluster.restart_etcd(node).expect("it starts again");
            cluster
                .restart_etcd((node + 1) % 3)
                .expect("it starts again");
        },
    },
];
