//! What the caller meets first: the builder with the credentials and shared headers of the
//! contract, and the table of operations the hooks look things up in.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::rust::{self, Argument, Context};
use crate::model::{
    Api, Location, Operation, Parameter, SecurityKind, SecurityScheme, Setter, Status,
};
use crate::write::docs;

/// Everything about setting up and identifying a client.
pub(super) fn write(context: &Context<'_>, shared: &[&Parameter]) -> TokenStream {
    let api = context.api;
    let setters = api.setters();
    let required = shared.iter().filter(|header| header.required);
    let required = required.filter_map(|header| {
        let is_it = |one: &&Setter<'_>| one.header.is_some_and(|it| it.wire == header.wire);
        let (wire, name) = (&header.wire, &setters.iter().find(is_it)?.name);
        Some(quote!((#wire, #name)))
    });
    let agent = agent(api);
    let servers = &api.servers;
    let doc = "Sets up a client for the API at `base_url`, such as `https://api.example.com`: \
               scheme, host, and the path in front of the contract's paths if there is one.";
    let operations = operations(api);
    let credentials = setters
        .iter()
        .filter_map(|one| Some((&one.scheme?.name, &one.name)));
    let schemes = credentials.map(|(scheme, method)| quote!((#scheme, #method)));
    let schemes: Vec<TokenStream> = schemes.collect();
    let methods = setters.iter().map(|one| setter(context, one));
    let partial = (!schemes.is_empty()).then(|| {
        quote! {
            /// Builds a client although some operations need credentials that are not set; calling
            /// one of these is an error.
            pub fn partial(mut self) -> Self {
                self.settings.partial = true;
                self
            }
        }
    });
    let conditions = conditions(api);
    quote! {
        #conditions

        impl Client {
            /// Base URLs the contract names.
            pub const SERVERS: &'static [&'static str] = &[#(#servers),*];

            #[doc = #doc]
            pub fn builder(base_url: impl Into<String>) -> Builder {
                Builder { settings: support::Settings::new(base_url.into(), #agent) }
            }
        }

        /// Sets up a [`Client`].
        #[derive(Debug, Clone)]
        #[must_use = "a builder does nothing until `build`"]
        pub struct Builder {
            settings: support::Settings,
        }

        impl Builder {
            #(#methods)*
            #partial

            /// What the client calls itself in `User-Agent`.
            pub fn user_agent(mut self, name: impl Into<String>) -> Self {
                self.settings.user_agent = name.into();
                self
            }

            /// How long one attempt may take, from connecting to the last byte of the answer;
            /// 30 seconds if not set.
            pub fn timeout(mut self, limit: std::time::Duration) -> Self {
                self.settings.timeout = limit;
                self
            }

            /// How long connecting may take; 10 seconds if not set.
            pub fn connect_timeout(mut self, limit: std::time::Duration) -> Self {
                self.settings.connect_timeout = limit;
                self
            }

            /// When and how often a request is sent again that was refused, or got no answer.
            pub fn retry(mut self, policy: RetryPolicy) -> Self {
                self.settings.retry = policy;
                self
            }

            /// Calls `hook` before each attempt of each call: it sees the operation and the number of the attempt, and
            /// can change headers. Several hooks are called in their order.
            pub fn before_attempt(
                mut self,
                hook: impl Fn(&mut Attempt<'_>) + Send + Sync + 'static,
            ) -> Self {
                self.settings.hooks.before(hook);
                self
            }

            /// Calls `hook` after each attempt, with its status or error, how long it took, and what the server
            /// calls the request.
            pub fn after_attempt(
                mut self,
                hook: impl Fn(&Outcome<'_>) + Send + Sync + 'static,
            ) -> Self {
                self.settings.hooks.after(hook);
                self
            }

            /// Follows redirects that the contract does not declare, within the origin and where a request only
            /// reads. Otherwise they are answers that are not declared.
            pub fn follow_redirects(mut self) -> Self {
                self.settings.follow_redirects = true;
                self
            }

            /// Sends requests through `http` instead of a client of our own, for proxies, client
            /// certificates or other roots of trust. Its timeouts and redirect policy count.
            pub fn http_client(mut self, http: reqwest::Client) -> Self {
                self.settings.http = Some(http);
                self
            }

            /// The client.
            ///
            /// # Errors
            /// A base URL that is not one, a value that cannot be sent, a shared header or
            /// credentials that are missing, or no TLS roots on this machine for an `https` URL.
            pub fn build(self) -> Result<Client, BuildError> {
                let (baseurl, client, inner) =
                    self.settings.build(&[#(#required),*], SCHEMES, OPERATIONS)?;
                Ok(Client { baseurl, client, inner })
            }
        }

        impl ClientHooks<support::Inner> for Client {
            async fn pre<E>(
                &self,
                request: &mut reqwest::Request,
                info: &OperationInfo,
            ) -> Result<(), progenitor_client::Error<E>> {
                // The contract declares no such header.
                request.headers_mut().remove("api-version");
                self.inner
                    .prepare(request, info.operation_id)
                    .map_err(|problem| progenitor_client::Error::InvalidRequest(problem.to_string()))
            }

            async fn exec(
                &self,
                request: reqwest::Request,
                info: &OperationInfo,
            ) -> reqwest::Result<reqwest::Response> {
                self.inner.execute(&self.client, request, info.operation_id).await
            }
        }

        /// Security schemes, each with the method of the builder that sets its credential.
        const SCHEMES: &[support::Scheme] = &[#(#schemes),*];

        /// Every operation, sorted by method name.
        const OPERATIONS: &[support::Operation] = &[#(#operations),*];
    }
}

/// A setter of the builder.
fn setter(context: &Context<'_>, setter: &Setter<'_>) -> TokenStream {
    let method = rust::ident(&setter.name);
    match (setter.scheme, setter.header) {
        (Some(scheme), header) => credential(&method, scheme, header),
        (None, Some(header)) => self::header(context, &method, header),
        (None, None) => TokenStream::new(),
    }
}

fn credential(method: &Ident, scheme: &SecurityScheme, header: Option<&Parameter>) -> TokenStream {
    let key = &scheme.name;
    let also = header.map(|one| {
        let wire = &one.wire;
        quote!(self.settings.header(#wire, key.as_ref());)
    });
    let doc = scheme.description.as_deref().map_or_else(
        || format!("Credentials of the security scheme `{key}`."),
        docs::prose,
    );
    match &scheme.kind {
        SecurityKind::Bearer => quote! {
            #[doc = #doc]
            pub fn #method(mut self, token: impl AsRef<str>) -> Self {
                self.settings.credential(|all| all.bearer(#key, token.as_ref()));
                self
            }
        },
        SecurityKind::Basic => quote! {
            #[doc = #doc]
            pub fn #method(mut self, user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
                self.settings.credential(|all| all.basic(#key, user.as_ref(), password.as_ref()));
                self
            }
        },
        SecurityKind::ApiKey(location, wire) => {
            let place = match location {
                Location::Query => format_ident!("key_in_query"),
                Location::Cookie => format_ident!("key_in_cookie"),
                Location::Header | Location::Path => format_ident!("key_in_header"),
            };
            quote! {
                #[doc = #doc]
                pub fn #method(mut self, key: impl AsRef<str>) -> Self {
                    #also
                    self.settings.credential(|all| all.#place(#key, #wire, key.as_ref()));
                    self
                }
            }
        }
        // The connection is the credential: `http_client` brings it.
        SecurityKind::MutualTls => TokenStream::new(),
    }
}

fn header(context: &Context<'_>, method: &Ident, parameter: &Parameter) -> TokenStream {
    let wire = &parameter.wire;
    let doc = format!(
        "{}\n\nSent as `{wire}` with every request.",
        parameter
            .description
            .as_deref()
            .map_or_else(String::new, docs::prose),
    );
    let doc = doc.trim_start();
    match Argument::of(context, &parameter.value) {
        Argument::Text => quote! {
            #[doc = #doc]
            pub fn #method(mut self, value: impl AsRef<str>) -> Self {
                self.settings.header(#wire, value.as_ref());
                self
            }
        },
        argument => {
            let rust = match argument {
                Argument::List(item) => quote!(&[#item]),
                Argument::Borrowed(plain) => quote!(&#plain),
                other => other.tokens(context),
            };
            quote! {
                #[doc = #doc]
                pub fn #method(mut self, value: #rust) -> Self {
                    self.settings.header(#wire, &value);
                    self
                }
            }
        }
    }
}

/// What a call can say beside its operation; some of it only where there is one that listens.
fn conditions(api: &Api) -> TokenStream {
    let repeats = api.operations.iter().any(|it| it.repeats).then(|| {
        quote! {
            /// The same client with a key of your own for its next call: a call with this key is done
            /// once, however often it is sent. For repeats that outlive the process; those of one call have a
            /// key without it.
            ///
            /// # Errors
            /// A key that no header can hold.
            pub fn with_idempotency_key(&self, key: &str) -> Result<Client, Error<()>> {
                Ok(Client { inner: self.inner.with_header("idempotency-key", key)?, ..self.clone() })
            }
        }
    });
    let mut operations = api.operations.iter();
    let conditional = operations.any(|it| it.conditional && !it.reads()).then(|| {
        quote! {
            /// The same client, whose changes are made only to this version of a resource: the `ETag` of an
            /// answer.
            ///
            /// # Errors
            /// A version that no header can hold.
            pub fn with_if_match(&self, etag: &str) -> Result<Client, Error<()>> {
                Ok(Client { inner: self.inner.with_header("if-match", etag)?, ..self.clone() })
            }
        }
    });
    let negotiates = api.operations.iter().any(Operation::negotiates).then(|| {
        quote! {
            /// The same client, which asks for these media types where an answer can be of several, such as
            /// `text/csv` or `text/csv, application/json;q=0.5`, instead of all that the contract declares.
            ///
            /// # Errors
            /// Media types that no header can hold.
            pub fn with_accept(&self, media_types: &str) -> Result<Client, Error<()>> {
                Ok(Client { inner: self.inner.with_header("accept", media_types)?, ..self.clone() })
            }
        }
    });
    quote! {
        impl Client {
            /// The same client, whose attempts may take this long, instead of what the builder was told.
            pub fn with_timeout(&self, limit: std::time::Duration) -> Client {
                Client { inner: self.inner.with_timeout(limit), ..self.clone() }
            }

            /// The same client with one more header in every request, in the place of what it would say itself;
            /// credentials stay as they are.
            ///
            /// # Errors
            /// A name that no header has or that says where the request ends, or a value that no header can hold.
            pub fn with_header(&self, name: &str, value: &str) -> Result<Client, Error<()>> {
                Ok(Client { inner: self.inner.with_header(name, value)?, ..self.clone() })
            }

            #repeats
            #conditional
            #negotiates
        }
    }
}

fn operations(api: &Api) -> Vec<TokenStream> {
    let mut operations: Vec<&Operation> = api.operations.iter().collect();
    operations.sort_by(|one, other| one.snake.cmp(&other.snake));
    let write = |operation: &&Operation| {
        let Operation {
            snake, id, path, ..
        } = operation;
        let security = operation.security.iter().map(|alternative| {
            let schemes = alternative.iter().map(|(name, _)| name).filter(|name| {
                let scheme = api.scheme(name);
                scheme.is_none_or(|one| one.kind != SecurityKind::MutualTls)
            });
            quote!(&[#(#schemes),*])
        });
        let redirects = operation
            .answers
            .iter()
            .filter_map(|answer| match answer.status {
                Status::Code(code @ 300..=399) => Some(quote!((#code, #code))),
                Status::Range(3) => Some(quote!((300, 399))),
                _ => None,
            });
        let repeats = operation.repeats;
        quote! {
            support::Operation {
                method: #snake,
                id: #id,
                path: #path,
                security: &[#(#security),*],
                redirects: &[#(#redirects),*],
                repeats: #repeats,
            }
        }
    };
    operations.iter().map(write).collect()
}

/// `User-Agent`: title and version of the contract, as far as they fit the grammar.
fn agent(api: &Api) -> String {
    let part = |text: &str, fallback: &str| {
        let words: Vec<String> = text
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '.')
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        if words.is_empty() {
            fallback.to_owned()
        } else {
            words.join("-")
        }
    };
    format!(
        "{}-client/{}",
        part(&api.title, "api"),
        part(&api.version, "0")
    )
}
