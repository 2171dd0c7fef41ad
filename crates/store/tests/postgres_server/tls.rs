//! TLS, on a cluster of its own with a certificate authority of its own.

use std::path::{Path, PathBuf};
use std::{fs, process};

use store::{Error, Store};
use test_postgres::{Cluster, PoolMode, Setup};

use crate::{add_tenant, options, write};

/// An authority, a certificate for 127.0.0.1, and an authority that signed nothing.
const CERTIFICATES: &str = "exec 2>&1; set -e; \
    for ca in ca other; do \
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=$ca -keyout $ca.key -out $ca.crt; done; \
    openssl req -newkey rsa:2048 -nodes -subj /CN=db -keyout server.key -out server.csr; \
    printf 'subjectAltName=IP:127.0.0.1' > server.ext; \
    openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 \
    -extfile server.ext -out server.crt; \
    chmod 600 server.key";

fn encrypting() -> Option<Cluster> {
    if !test_postgres::available() {
        return None;
    }
    let cluster = Cluster::start(&Setup::default()).expect("the cluster starts");
    // The server runs it, in its own folder and as its own user, who must own the key.
    let sql = format!("COPY (SELECT 1) TO PROGRAM $sh${CERTIFICATES}$sh$");
    cluster.sql("postgres", &sql).expect("openssl is installed");
    for sql in ["ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()"] {
        cluster.sql("postgres", sql).expect("TLS is switched on");
    }
    Some(cluster)
}

fn certificate(cluster: &Cluster, name: &str) -> PathBuf {
    let sql = format!("SELECT pg_read_file('{name}.crt')");
    let pem = cluster.sql("postgres", &sql).expect("the certificate");
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}.crt", process::id()));
    fs::write(&file, pem).expect("the test folder is writable");
    file
}

fn refused(url: &str) -> bool {
    matches!(
        Store::open_with(url, &short()),
        Err(Error::Unavailable { .. })
    )
}

fn short() -> store::Options {
    store::Options {
        postgres: store::PostgresOptions {
            unavailable_after: std::time::Duration::from_millis(200),
            ..options().postgres
        },
        ..options()
    }
}

#[tokio::test]
async fn certificate_and_host_are_checked() {
    let Some(cluster) = encrypting() else { return };
    let url = cluster.create_database().expect("a database");
    let (ours, other) = (certificate(&cluster, "ca"), certificate(&cluster, "other"));
    let trusting =
        |mode: &str, file: &Path| format!("{url}?sslmode={mode}&sslrootcert={}", file.display());

    for mode in ["require", "verify-full"] {
        let store = Store::open_with(&trusting(mode, &ours), &options()).expect("it opens");
        write(&store, move |tx| add_tenant(tx, mode)).await;
        let encrypted = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                         WHERE ssl AND usename = 'flexportal'";
        assert_ne!(
            cluster
                .sql("postgres", encrypted)
                .expect("it answers")
                .trim(),
            "0"
        );
        assert!(
            refused(&trusting(mode, &other)),
            "an authority that signed nothing"
        );
        let elsewhere = trusting(mode, &ours).replace("127.0.0.1", "localhost");
        assert!(refused(&elsewhere), "a name that is not in the certificate");
        assert!(
            refused(&format!("{url}?sslmode={mode}")),
            "an authority the system does not know"
        );
    }
    Store::open_with(&format!("{url}?sslmode=disable"), &options()).expect("it opens in the clear");
    if test_postgres::pooler_available() {
        let folder = cluster
            .sql("postgres", "SHOW data_directory")
            .expect("a folder");
        let (key, own) = (
            format!("{folder}/server.key"),
            format!("{folder}/server.crt"),
        );
        let settings = [
            ("client_tls_sslmode", "require"),
            ("client_tls_key_file", &*key),
            ("client_tls_cert_file", &*own),
        ];
        let pooler = cluster.pooler(PoolMode::Transaction, 2, &settings);
        let pooler = pooler.expect("PgBouncer starts");
        let url = pooler.url(crate::name(&url));
        let trusting =
            |file: &Path| format!("{url}?sslmode=require&sslrootcert={}", file.display());
        let store = Store::open_with(&trusting(&ours), &options()).expect("it opens");
        assert!(store.is_pooled());
        write(&store, |tx| add_tenant(tx, "pooled")).await;
        assert!(
            refused(&trusting(&other)),
            "an authority that signed nothing"
        );
        assert!(refused(&format!("{url}?sslmode=disable")), "in the clear");
    }
    for file in [ours, other] {
        let _ = fs::remove_file(file);
    }
}
