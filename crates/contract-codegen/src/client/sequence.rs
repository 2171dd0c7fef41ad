//! Sequences of items, which the wire types read and write, and what runs clients sends and receives.

use proc_macro2::TokenStream;
use quote::quote;

use super::rust::{Context, ident};
use crate::model::{Api, Content, EventData, Framing, Sequence};

/// A value that reads the items of `sequence`.
pub(super) fn reader(context: &Context<'_>, sequence: &Sequence) -> TokenStream {
    let framing = framing(sequence.framing);
    let decode = match sequence.framing {
        Framing::RawParts => quote!(|part: &[u8]| Ok(types::support::Part::read(part))),
        Framing::JsonParts => {
            let decode = context.decoder(&sequence.item);
            quote!(|part: &[u8]| (#decode)(types::support::part_content(part)))
        }
        _ => context.decoder(&sequence.item),
    };
    quote!(reader(#framing, #decode))
}

/// The type of an item. `answer`: it is received.
pub(super) fn item(context: &Context<'_>, sequence: &Sequence, answer: bool) -> TokenStream {
    match sequence.framing {
        Framing::RawParts => quote!(types::support::Part),
        _ => context.body_type(&sequence.item, answer),
    }
}

/// The type parameter of what is sent.
pub(super) fn given(context: &Context<'_>, sequence: &Sequence) -> TokenStream {
    let item = item(context, sequence, false);
    quote!(, B: support::Stream<Item = #item> + Send + 'static)
}

/// The step that sends `given` as `media_type`.
pub(super) fn step(sequence: &Sequence, media_type: &str, given: &TokenStream) -> TokenStream {
    let is_parts = matches!(sequence.framing, Framing::JsonParts | Framing::RawParts);
    if is_parts {
        return quote! {
            .items_between(
                types::support::new_boundary(),
                |boundary| types::support::with_boundary(#media_type, boundary),
                #given,
                |boundary, item, to| {
                    types::support::write_next(types::support::Framing::Parts(boundary), item, to)
                },
            )
        };
    }
    let framing = framing(sequence.framing);
    quote! {
        .items(#media_type, #given, |item, to| types::support::write_next(#framing, item, to))
    }
}

fn framing(framing: Framing) -> TokenStream {
    match framing {
        Framing::Lines => quote!(types::support::Framing::Lines),
        Framing::Records => quote!(types::support::Framing::Records),
        Framing::Events(data) => {
            let data = ident(match data {
                EventData::Text => "Text",
                EventData::Json => "Json",
                EventData::Either => "Either",
            });
            quote!(types::support::Framing::Events(types::support::EventData::#data))
        }
        Framing::JsonParts | Framing::RawParts => quote!(types::support::Framing::Parts(0)),
    }
}

/// What a client of `api` has beside its methods, where it receives or sends sequences.
pub(super) fn surface(api: &Api) -> TokenStream {
    let received = |content: &Content| content.sequence().is_some();
    let mut operations = api.operations.iter();
    let receives = operations.any(|operation| {
        let mut contents = operation.answers.iter().flat_map(|answer| &answer.content);
        contents.any(received)
    });
    let sends = api.operations.iter().any(|operation| {
        let mut contents = operation.body.iter().flat_map(|body| &body.content);
        contents.any(received)
    });
    let sends = sends.then(|| {
        quote!(
            pub use support::{items, Stream};
        )
    });
    let resumes = api.operations.iter().any(|it| it.sends_events()).then(|| {
        quote! {
            impl Client {
                /// The same client, whose streams of events begin behind the one with this `id`: what
                /// [`Items::last_event_id`] gave before.
                ///
                /// # Errors
                /// An `id` that no header can hold.
                pub fn with_last_event_id(&self, id: &str) -> Result<Client, Error<()>> {
                    Ok(Client { inner: self.inner.with_header("last-event-id", id)?, ..self.clone() })
                }
            }
        }
    });
    let receives = receives.then(|| {
        quote! {
            pub use support::{ItemError, Items};

            /// Reads items as the wire types have them.
            struct Reader<T>(types::support::ItemReader<T>);

            fn reader<T: 'static>(
                framing: types::support::Framing,
                decode: impl Fn(&[u8]) -> Result<T, types::support::DecodeError> + Send + Sync + 'static,
            ) -> Box<dyn support::ReadItems<T>> {
                let limit = support::ITEM_BYTES;
                Box::new(Reader(types::support::ItemReader::new(framing, limit, decode)))
            }

            impl<T> support::ReadItems<T> for Reader<T> {
                fn push(&mut self, bytes: &[u8]) {
                    self.0.push(bytes);
                }

                fn end(&mut self) {
                    self.0.end();
                }

                fn next(&mut self) -> Option<support::Read<T>> {
                    let read = self.0.next()?;
                    let (number, id) = (read.number, read.id);
                    let item = read.item.map_err(|flaw| flaw.to_string());
                    Some(support::Read { item, number, id })
                }

                fn is_done(&self) -> bool {
                    self.0.is_done()
                }

                fn wait_ms(&self) -> Option<u64> {
                    self.0.wait_ms()
                }

                fn label(&mut self, content_type: &str) {
                    self.0.set_content_type(content_type);
                }

                fn limit(&mut self, bytes: usize) {
                    self.0.set_limit(bytes);
                }
            }
        }
    });
    quote!(#sends #receives #resumes)
}
