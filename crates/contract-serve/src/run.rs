//! The way of a request: route, authenticate, read, decode, handle, answer.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, header, request::Parts};
use axum::response::Response;

use crate::streamed::{Ending, Sending, Source};
use crate::{
    Accepts, Answer, Api, Conditions, Contract, Credentials, CredentialsOf, Denial, DenialKind,
    Input, Limits, Operation, OperationOf, Payload, Quota, Rejection, Rest, Routes, Spans, Writer,
    condition, read_body, rejected,
};

/// What is generated for an operation.
pub trait Endpoint<A: Api>: 'static {
    /// Which one it is.
    const OPERATION: OperationOf<A>;
    /// Who may call it.
    type Access: Access<A>;
    /// What the handler is given.
    type Request: FromRequest;
    /// What it answers.
    type Answer: Answer;

    /// Calls the handler.
    fn handle(
        api: &A,
        context: <Self::Access as Access<A>>::Context,
        request: Self::Request,
    ) -> impl Future<Output = Result<Self::Answer, A::Fault>> + Send;
}

/// A request that is made of parameters and a body.
pub trait FromRequest: Sized + Send {
    /// Reads the body, if the operation has one. What is sent to others is not read.
    fn payload<A: Api>(
        _call: &Call<A>,
        _body: &mut Rest,
    ) -> impl Future<Output = Result<Payload, Rejection>> + Send {
        std::future::ready(Ok(Payload::Absent))
    }

    /// Decodes and checks it.
    ///
    /// # Errors
    /// Everything that is wrong.
    fn decode(input: Input<'_>, payload: Payload) -> Result<Self, Rejection>;
}

/// A request on its way.
pub struct Call<A: Api> {
    shared: Arc<Shared<A>>,
    operation: OperationOf<A>,
    parts: Parts,
    spans: Spans,
}

struct Shared<A: Api> {
    api: Arc<A>,
    routes: Routes<OperationOf<A>, Run<A>>,
    limits: Limits,
    options: Options,
}

/// What is done with answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    pub(crate) check_answers: bool,
    pub(crate) label_answers: bool,
}

type Running = Pin<Box<dyn Future<Output = Response> + Send>>;
pub(crate) type Run<A> = fn(Box<Call<A>>, Rest) -> Running;

/// Who may call an operation.
pub trait Access<A: Api>: 'static {
    /// What the handler learns of the caller.
    type Context: Send;

    /// Lets the caller in.
    ///
    /// # Errors
    /// What [`Api::authenticate`] says.
    fn admit(call: &Call<A>) -> impl Future<Output = Result<Self::Context, Denial>> + Send;

    /// Hands on what the request asks for; whoever is unknown cannot be told from others, so nothing is kept for
    /// them.
    fn conditions(_: &mut Self::Context, _: OperationOf<A>, _: Conditions) {}

    /// What is left of a limit on requests to whoever is known.
    fn quota(_: &Self::Context) -> Option<Quota> {
        None
    }
}

/// Whoever has the credentials that are asked for.
pub struct Known;

/// Anybody; none are asked for.
pub struct Anybody;

/// Whoever has the credentials, and whoever sends none; wrong ones are refused.
pub struct Either;

impl<A: Api> Access<A> for Known {
    type Context = A::Context;

    async fn admit(call: &Call<A>) -> Result<A::Context, Denial> {
        call.authenticate(CredentialsOf::<A>::read(&call.parts))
            .await
    }

    fn conditions(context: &mut A::Context, operation: OperationOf<A>, asked: Conditions) {
        A::conditions(context, operation, asked);
    }

    fn quota(context: &A::Context) -> Option<Quota> {
        A::quota(context)
    }
}

impl<A: Api> Access<A> for Anybody {
    type Context = ();

    async fn admit(_call: &Call<A>) -> Result<(), Denial> {
        Ok(())
    }
}

impl<A: Api> Access<A> for Either {
    type Context = Option<A::Context>;

    async fn admit(call: &Call<A>) -> Result<Option<A::Context>, Denial> {
        let credentials = CredentialsOf::<A>::read(&call.parts);
        if !credentials.present() {
            return Ok(None);
        }
        call.authenticate(credentials).await.map(Some)
    }

    fn conditions(context: &mut Option<A::Context>, operation: OperationOf<A>, asked: Conditions) {
        if let Some(context) = context {
            A::conditions(context, operation, asked);
        }
    }

    fn quota(context: &Option<A::Context>) -> Option<Quota> {
        context.as_ref().and_then(A::quota)
    }
}

/// The body of an operation that has one.
pub fn body<A: Api>(
    call: &Call<A>,
    body: &mut Rest,
    accepts: &'static Accepts,
) -> impl Future<Output = Result<Payload, Rejection>> + Send {
    read_body(&call.parts.headers, body, accepts, call.shared.limits)
}

/// Runs a request. The call is boxed for the sake of the future's size: up to about 1 KiB,
/// allocators have blocks at hand.
pub(crate) fn run<E: Endpoint<A>, A: Api>(mut call: Box<Call<A>>, mut body: Rest) -> Running {
    Box::pin(async move {
        let quota;
        let mut response = 'answer: {
            let mut context = match E::Access::admit(&call).await {
                Ok(context) => context,
                Err(denial) => {
                    quota = denial.quota;
                    break 'answer call.denied(denial);
                }
            };
            quota = E::Access::quota(&context);
            let payload = match E::Request::payload(&call, &mut body).await {
                Ok(payload) => payload,
                Err(rejection) => break 'answer call.reject(&rejection),
            };
            let facts = call.operation.facts();
            let listens = facts.repeats || facts.conditional;
            let conditions = listens && Conditions::stand_in(&call.parts.headers);
            let asked = match conditions {
                true => Conditions::of(facts, &call.parts, &payload),
                false => None,
            };
            let replace_nul = call.shared.limits.replace_nul;
            let mut input = Input::new(&call.parts, &call.spans, replace_nul);
            input.conditions = conditions;
            let request = match E::Request::decode(input, payload) {
                Ok(request) => request,
                Err(rejection) => break 'answer call.reject(&rejection),
            };
            if let Some(asked) = &asked {
                E::Access::conditions(&mut context, call.operation, Conditions::clone(asked));
            }
            match E::handle(&call.shared.api, context, request).await {
                Ok(answer) => {
                    let mut response = call.answer(answer);
                    if let Some(asked) = &asked {
                        asked.write(&mut response);
                    }
                    response
                }
                Err(fault) => {
                    if let Some(rejection) = body.objection() {
                        break 'answer call.reject(&rejection);
                    }
                    let api = &call.shared.api;
                    api.fault(call.operation, &fault);
                    call.reject(&match api.retry_after_seconds(&fault) {
                        Some(retry_after_seconds) => Rejection::Unavailable {
                            retry_after_seconds,
                        },
                        None => Rejection::Fault,
                    })
                }
            }
        };
        if let Some(quota) = &quota
            && call.operation.facts().limited
        {
            quota.write(&mut response);
        }
        if !body.is_over() {
            // On the heap, so that the many requests without such a rest do not make room for it.
            Box::pin(body.settle(&mut response)).await;
        }
        if call.shared.options.label_answers {
            // What layers left on the request goes the same way, since its map is there already.
            let extensions = response.extensions_mut();
            *extensions = std::mem::take(&mut call.parts.extensions);
            extensions.insert(call.operation.facts());
        }
        response
    })
}

impl<A: Api> Call<A> {
    fn authenticate<'c>(
        &'c self,
        credentials: CredentialsOf<'c, A>,
    ) -> impl Future<Output = Result<A::Context, Denial>> + Send {
        self.shared.api.authenticate(self.operation, credentials)
    }

    fn denied(&self, denial: Denial) -> Response {
        if denial.kind == DenialKind::Fault {
            self.shared.api.defect(self.operation, &denial.message);
            return self.reject(&Rejection::Fault);
        }
        self.reject(&Rejection::Denied(denial))
    }

    fn reject(&self, rejection: &Rejection) -> Response {
        let challenge = match rejection {
            Rejection::Denied(_) => {
                let credentials = CredentialsOf::<A>::read(&self.parts);
                credentials.challenge(self.operation.facts().security)
            }
            _ => "",
        };
        self.shared
            .reject(Some(self.operation), rejection, challenge)
    }

    // Inlined, so that the answer is not copied once more.
    #[inline(always)]
    fn answer<T: Answer>(&self, mut answer: T) -> Response {
        let api = &self.shared.api;
        let facts = self.operation.facts();
        let tagged = facts.conditional && matches!(facts.method, "GET" | "QUERY");
        let mut writer = Writer::new(self.shared.options.check_answers, tagged);
        let mut written = answer.write(&mut writer);
        if tagged && let Ok(response) = &mut written {
            condition::tag(&self.parts, response);
        }
        if !writer.found.is_empty() {
            api.invalid_answer(self.operation, &writer.found);
        }
        if let (Some(source), Ok(response)) = (writer.streamed, &mut written) {
            *response.body_mut() = self.sending(source);
        }
        written.unwrap_or_else(|unwritable| {
            api.defect(self.operation, &unwritable.to_string());
            self.reject(&Rejection::Fault)
        })
    }
}

impl<A: Api> Call<A> {
    /// The body of an answer that is still being made.
    fn sending(&self, source: Box<dyn Source>) -> Body {
        let (shared, operation) = (Arc::clone(&self.shared), self.operation);
        let hear = move |ending| match ending {
            Ending::BrokenOff(reason) => shared.api.broken_off(operation, &reason),
            Ending::Invalid(found) => shared.api.invalid_answer(operation, &found),
        };
        Body::from_stream(Sending { source, hear })
    }
}

impl<A: Api> Shared<A> {
    fn reject(
        &self,
        operation: Option<OperationOf<A>>,
        rejection: &Rejection,
        challenge: &str,
    ) -> Response {
        let body = self.api.rejection(operation, rejection);
        if self.options.check_answers
            && let Some(operation) = operation
        {
            let violations = A::Contract::error_violations(&body);
            if !violations.is_empty() {
                self.api.invalid_answer(operation, &violations);
            }
        }
        rejected(rejection, challenge, A::Contract::ERROR_MEDIA_TYPE, &body)
    }
}

/// What stands behind the router.
pub(crate) struct Server<A: Api> {
    shared: Arc<Shared<A>>,
}

impl<A: Api> Server<A> {
    pub(crate) fn new(
        api: Arc<A>,
        routes: Routes<OperationOf<A>, Run<A>>,
        limits: Limits,
        options: Options,
    ) -> Server<A> {
        Server {
            shared: Arc::new(Shared {
                api,
                routes,
                limits,
                options,
            }),
        }
    }
}

impl<A: Api> Clone for Server<A> {
    fn clone(&self) -> Self {
        Server {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<A: Api> axum::handler::Handler<(), ()> for Server<A> {
    type Future = Answering<A>;

    fn call(self, request: Request, _state: ()) -> Answering<A> {
        let shared = self.shared;
        let (parts, body) = request.into_parts();
        let head = parts.method == Method::HEAD;
        let body = Rest::new(&parts, body);
        let Some(found) = shared.routes.find(parts.uri.path()) else {
            let response = shared.reject(None, &Rejection::RouteNotFound, "");
            return Answering {
                state: State::ready(response, body),
                head,
            };
        };
        let Some((operation, run)) = found.operation(&parts.method, parts.uri.query()) else {
            let rejection = match found.has(&parts.method) {
                true => Rejection::RouteNotFound,
                false => Rejection::MethodNotAllowed {
                    allow: found.allow(),
                },
            };
            let response = shared.reject(None, &rejection, "");
            return Answering {
                state: State::ready(response, body),
                head,
            };
        };
        let (operation, spans) = (*operation, found.spans);
        let call = Box::new(Call {
            shared: Arc::clone(&shared),
            operation,
            parts,
            spans,
        });
        let running = run(call, body);
        Answering {
            state: State::Running {
                running,
                shared,
                operation,
            },
            head,
        }
    }
}

/// An answer on its way. A handler that panics is answered like one that failed.
pub(crate) struct Answering<A: Api> {
    state: State<A>,
    head: bool,
}

enum State<A: Api> {
    Ready(Option<Response>),
    /// Something is left of the body.
    Settling(Running),
    Running {
        running: Running,
        shared: Arc<Shared<A>>,
        operation: OperationOf<A>,
    },
}

impl<A: Api> State<A> {
    fn ready(mut response: Response, body: Rest) -> State<A> {
        if body.is_over() {
            return State::Ready(Some(response));
        }
        State::Settling(Box::pin(async move {
            body.settle(&mut response).await;
            response
        }))
    }
}

// Nothing in it is pinned in place: the future has its own box.
impl<A: Api> Unpin for Answering<A> {}

impl<A: Api> Future for Answering<A> {
    type Output = Response;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        let mut response = match &mut self.state {
            State::Ready(response) => response
                .take()
                .expect("a future is not polled after its end"),
            State::Settling(running) => ready!(running.as_mut().poll(cx)),
            State::Running {
                running,
                shared,
                operation,
            } => {
                // A future that panicked is never polled again, so nobody sees what it left.
                let polled = catch_unwind(AssertUnwindSafe(|| running.as_mut().poll(cx)));
                match polled {
                    Ok(polled) => ready!(polled),
                    Err(panic) => {
                        shared.api.defect(*operation, &panic_message(&*panic));
                        let mut response = shared.reject(Some(*operation), &Rejection::Fault, "");
                        if shared.options.label_answers {
                            response.extensions_mut().insert(operation.facts());
                        }
                        response
                    }
                }
            }
        };
        if self.head {
            without_body(&mut response);
        }
        Poll::Ready(response)
    }
}

/// What a handler said when it panicked.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("handler panicked: {}", text.unwrap_or("no message"))
}

/// What `HEAD` gets of the answer to `GET` (RFC 9110, section 9.3.2).
fn without_body(response: &mut Response) {
    let body = std::mem::replace(response.body_mut(), Body::empty());
    if let Some(length) = body.size_hint().exact() {
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
}
