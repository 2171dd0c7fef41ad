//! `flexportal serve`: everything under one listener, from start to an orderly end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::HeaderName;
use contract_serve::host::{
    Around, Cors, DocsPage, Host, Metrics, Proxies, asked_to_stop, docs, file_handles, health,
    listen, observe, served_contract, without_body,
};
use serde_json::Value;
use service::demo::{Demo, Opened};
use service::{Clock, Service};
use tokio::net::TcpListener;

use crate::cli::Serve;
use crate::table;
use crate::webhooks::Sending;
use crate::{address, database, errors, files, jobs, log, metrics};

/// How often what keys were used for is written down.
const USES: Duration = Duration::from_secs(5);

/// How often the files of the database are looked after: that they are gone is noticed within a second.
const LOOK: Duration = Duration::from_millis(500);

/// Serves until a signal asks to stop.
pub(crate) async fn serve(options: Serve) -> Result<(), String> {
    #[cfg(not(feature = "otel"))]
    log::start(&options.log, options.log_format.into())?;
    #[cfg(feature = "otel")]
    let traces = log::start(&options.log, options.log_format.into())?;
    let url = &options.database.database;
    let engine = engine_options(&options);
    if database::password_on_command_line() {
        tracing::warn!(
            "the database password stands on the command line, where every user of the machine \
             can read it: give it in FLEXPORTAL_DATABASE or PGPASSWORD"
        );
    }
    let store = database::open_with(url, &engine)?;
    if database::is_postgres(url) && !store.walls_off_tenants() {
        tracing::warn!(
            "row-level security does not bind the database role: only the statements keep tenants apart"
        );
    }
    if store.is_pooled() {
        tracing::info!(
            "the database is behind a pooler: every transaction names its tenant and settings, statements are \
             not prepared"
        );
    }
    if let Some(warning) = database::open_to_others(url) {
        tracing::warn!("{warning}");
    }
    let service = Service::new(store.clone(), Clock::system());
    service.limit_failed_keys(options.limits.failed_keys);
    service.limit_running(options.shares.tenant_requests.into());
    if let Some(most) = options.shares.tenant_long_requests {
        service.limit_long(most.into());
    }
    if options.webhook_allow_private {
        tracing::warn!("webhooks may go to private networks: this is for development and tests");
        service.allow_private_webhooks();
    }
    let (listener, address) = bind(options.listen, "--listen").await?;
    let storage = files::open(&options.files, url).await?;
    let public_url = options.public_url.clone();
    let public_url = public_url.unwrap_or_else(|| format!("http://{address}"));
    service.keep_files(storage, &public_url);
    let metrics = match options.metrics_listen {
        Some(address) => {
            let bound = bind(address, "--metrics-listen").await?;
            Some((bound, Metrics::start("flexportal", service::served())))
        }
        None => None,
    };
    let counted = metrics.as_ref().map(|(_, metrics)| *metrics);

    let demo = if options.demo {
        open_demo(&service, address).await?
    } else {
        None
    };
    // Of a demo, one key is enough to try everything.
    let key = options.organisation_key.as_deref();
    if let Some(key) = key.or(demo.as_ref().map(|demo| demo.key.as_str())) {
        service.set_organisation_key(key);
    }
    let app = app(&service, &options, demo.as_ref(), counted)?;
    // Whoever reads that it listens may ask it to stop.
    let stop = asked_to_stop().map_err(|error| format!("cannot wait for signals: {error}"))?;
    tracing::info!(
        address = %address,
        database = %database::shown(url),
        "listening on http://{address}, documentation on http://{address}/docs/"
    );

    let uses = tokio::spawn(write_uses(service.clone()));
    let jobs = tokio::spawn(jobs::keep_running(service.clone()));
    let webhooks = Sending::start(&service)?;
    let looking = tokio::spawn(look_after_files(store.clone()));
    let shutdown = Duration::from_secs(options.shutdown_timeout);
    let host = Host {
        limits: options.limits.limits(file_handles(), shutdown),
        proxies: Proxies::new(&options.limits.trusted_proxy),
        errors: errors::ERRORS,
    };
    // Served until the last request is answered.
    let scraping = metrics.map(|((listener, address), metrics)| {
        tracing::info!(metrics_address = %address, "metrics on http://{address}/metrics");
        let service = service.clone();
        let app = metrics.router(move |figures| metrics::render(figures, &service));
        let never = std::future::pending();
        tokio::spawn(listen(listener, app, host.clone(), || (), never))
    });
    let connected = || counted.map(Metrics::connection);
    listen(listener, app, host, connected, stop).await;

    tracing::info!("stopping");
    webhooks.stop().await;
    jobs.abort();
    uses.abort();
    looking.abort();
    if let Some(scraping) = scraping {
        scraping.abort();
    }
    if let Err(error) = service.write_usage().await {
        tracing::warn!(%error, "the last uses of keys were not recorded");
    }
    drop(service);
    store.close();
    #[cfg(feature = "otel")]
    if let Some(traces) = traces {
        // Waiting for the collector must not hold up a thread of the runtime.
        let _ = tokio::task::spawn_blocking(move || traces.finish()).await;
    }
    Ok(())
}

fn engine_options(options: &Serve) -> store::Options {
    let mut engine = store::Options {
        transaction_timeout: Some(Duration::from_secs(options.shares.transaction_timeout)),
        tenant_share: options.shares.tenant_share.into(),
        postgres: store::PostgresOptions {
            connections: options.pool.database_connections.into(),
            statement_timeout: Duration::from_secs(options.pool.statement_timeout),
            lock_timeout: Duration::from_secs(options.pool.lock_timeout),
            unavailable_after: Duration::from_secs(options.pool.unavailable_after),
            allow_bypass_rls: options.database.allow_bypass_rls,
            ..store::PostgresOptions::default()
        },
        ..store::Options::default()
    };
    if options.single_commits {
        engine.sqlite.group_limit = 1;
    }
    engine
}

async fn bind(address: SocketAddr, option: &str) -> Result<(TcpListener, SocketAddr), String> {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| address::explain(address, option, &error))?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    Ok((listener, address))
}

/// The contract as this build serves it.
pub(crate) fn contract(here: bool) -> Result<Value, String> {
    served_contract(api::CONTRACT_JSON, &service::served(), here)
        .map_err(|error| format!("the built-in contract cannot be read: {error}"))
}

fn app(
    service: &Service,
    options: &Serve,
    demo: Option<&Demo>,
    metrics: Option<&'static Metrics>,
) -> Result<Router, String> {
    let contract = contract(true)?;
    let api = service::mount(
        Arc::new(service.clone()),
        service::RouterOptions {
            body_limit: options.body_limit,
            body_timeout: Duration::from_secs(options.limits.read_timeout),
            check_answers: options.check_answers,
        },
    )
    .finish();
    let ready = service.clone();
    let health = health(move || {
        let service = ready.clone();
        async move {
            service.ping().await.map_err(|error| {
                tracing::error!(error = service::chain(&error), "not ready");
                service::safe_cause(&error)
            })
        }
    });
    let page = DocsPage {
        credentials: demo.map(credentials).unwrap_or_default(),
        icon: Some(include_str!("icon.svg")),
    };
    // The API goes last: its fallback answers unknown routes in the contract's shape.
    let around = Around {
        metrics,
        cors: Cors::new(&options.cors_origin, &contract).map(Arc::new),
        errors: errors::ERRORS,
        tenant: Some(HeaderName::from_static("tenant-id")),
    };
    let app = health
        .merge(docs(&contract, &page))
        .route_layer(axum::middleware::from_fn(without_body))
        .merge(api)
        .layer(axum::middleware::from_fn_with_state(around, observe));
    #[cfg(feature = "otel")]
    let app = app.layer(axum::middleware::from_fn(crate::trace::traced));
    Ok(app)
}

/// What the page sends from the start: of a demo, one key is enough to try everything.
fn credentials(demo: &Demo) -> Vec<(String, String)> {
    vec![
        ("bearerAuth".to_owned(), demo.key.clone()),
        ("tenantId".to_owned(), demo.tenant.to_owned()),
    ]
}

/// Says how to try the demo, or why there is none.
async fn open_demo(service: &Service, address: SocketAddr) -> Result<Option<Demo>, String> {
    let other = "`--database sqlite:demo.db` makes a demo of its own";
    let demo = match service::demo::open(service).await? {
        Opened::Demo(demo) => demo,
        Opened::Incomplete => {
            return Err(format!(
                "making the demo in this database was interrupted\nhint: {other}"
            ));
        }
        Opened::Foreign => {
            table::print(&format!(
                "the database has tenants that are not the demo: `--demo` changes nothing\nhint: {other}\n\n"
            ))?;
            return Ok(None);
        }
    };
    table::print(&format!(
        "demo tenant: {tenant}\ndemo key:    {key}\n\nDelete a customer of it:\n\n  \
         curl -X DELETE http://{address}/v1/customers/{customer} \\\n    \
         -H 'Authorization: Bearer {key}' -H 'Tenant-ID: {tenant}'\n\n\
         Try the rest on http://{address}/docs/\n\n",
        tenant = demo.tenant,
        key = demo.key,
        customer = demo.deletable_customer,
    ))?;
    Ok(Some(demo))
}

/// Ends once the files of the database are no longer where they were: from then on the server is not ready.
async fn look_after_files(store: store::Store) {
    let mut tick = tokio::time::interval(LOOK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = store.look_after_files() {
            tracing::error!(error = service::chain(&error), "the database is gone");
            return;
        }
    }
}

async fn write_uses(service: Service) {
    let mut tick = tokio::time::interval(USES);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = service.write_usage().await {
            tracing::warn!(%error, "uses of keys were not recorded");
        }
    }
}
