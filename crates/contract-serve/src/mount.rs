//! Putting an implementation behind a router.

use std::sync::Arc;
use std::time::Duration;

use axum::handler::Handler;

use crate::{Api, Endpoint, Limits, Operation, OperationOf, Options, Routes, Run, Server, run};

/// An implementation on its way to being a router. Only the tags that are mounted are served.
#[must_use = "a mount serves nothing until it is finished"]
pub struct Mount<A: Api> {
    api: Arc<A>,
    operations: Vec<(OperationOf<A>, Run<A>)>,
    limits: Limits,
    options: Options,
}

impl<A: Api> Mount<A> {
    /// Serves nothing yet. Limits: 2 MiB for documents, 10 MiB for uploads, 30 s for a body.
    pub fn new(api: Arc<A>) -> Mount<A> {
        let limits = Limits {
            document_bytes: 2 * 1024 * 1024,
            upload_bytes: 10 * 1024 * 1024,
            timeout: Some(Duration::from_secs(30)),
            replace_nul: false,
        };
        Mount {
            api,
            operations: Vec::new(),
            limits,
            options: Options {
                check_answers: false,
                label_answers: true,
            },
        }
    }

    /// The largest JSON or form body, in bytes.
    pub fn document_limit(mut self, bytes: usize) -> Mount<A> {
        self.limits.document_bytes = bytes;
        self
    }

    /// The largest multipart, text or binary body, in bytes.
    pub fn upload_limit(mut self, bytes: usize) -> Mount<A> {
        self.limits.upload_bytes = bytes;
        self
    }

    /// How long a body may take from the first time it keeps the server waiting; `None`: for ever.
    pub fn body_timeout(mut self, timeout: Option<Duration>) -> Mount<A> {
        self.limits.timeout = timeout;
        self
    }

    /// Whether U+0000 in JSON bodies and parameters is read as U+FFFD, before anything else: for
    /// servers whose store cannot hold it.
    pub fn replace_nul(mut self, replace: bool) -> Mount<A> {
        self.limits.replace_nul = replace;
        self
    }

    /// Whether every answer is held against the contract. Violations go to
    /// [`Api::invalid_answer`]; the answer is sent all the same, since what it tells of has
    /// happened.
    pub fn check_answers(mut self, check: bool) -> Mount<A> {
        self.options.check_answers = check;
        self
    }

    /// Whether the answer of an operation carries its [`Facts`](crate::Facts) as an extension (`&'static Facts`), for
    /// layers that log or count; otherwise they see a path at most. On unless said otherwise.
    pub fn label_answers(mut self, label: bool) -> Mount<A> {
        self.options.label_answers = label;
        self
    }

    /// The operations mounted so far, in the order of the contract.
    pub fn served(&self) -> Vec<OperationOf<A>>
    where
        OperationOf<A>: Ord,
    {
        let mut served: Vec<OperationOf<A>> =
            self.operations.iter().map(|(served, _)| *served).collect();
        served.sort_unstable();
        served
    }

    /// The router. It answers every path: what is not served gets the contract's 404.
    pub fn finish(self) -> axum::Router {
        let mut routes = Routes::default();
        let mut operations = self.operations;
        // Of two that match the same requests, the first of the contract is meant; their facts stand in its order.
        operations.sort_by_key(|(operation, _)| std::ptr::from_ref(operation.facts()).addr());
        for (operation, run) in operations {
            routes.insert(operation, run);
        }
        let Mount {
            api,
            limits,
            options,
            ..
        } = self;
        let server = Server::new(api, routes, limits, options);
        // The route is one that nobody asks for. Without any, axum compares every path with an
        // empty prefix at a dangling address, for which `memcmp` on processors with AVX-512 takes
        // 0.1 µs: it loads there with an empty mask, and suppressing that fault is slow.
        axum::Router::new()
            .route_service("/%00", server.clone().with_state(()))
            .fallback_service(server.with_state(()))
    }

    /// Serves one operation. The generated trait `Tags` has a method for all of a tag.
    pub fn add<E: Endpoint<A>>(mut self) -> Mount<A> {
        self.operations.retain(|(known, _)| *known != E::OPERATION);
        self.operations.push((E::OPERATION, run::<E, A>));
        self
    }
}
