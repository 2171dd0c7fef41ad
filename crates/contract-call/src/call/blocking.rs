//! Calls from code that does not wait asynchronously.

use std::future::Future;

use tokio::runtime::{Builder, Handle, Runtime};

use super::error::{Error, InvalidRequest};
use super::pages::Pages;

const WITHIN: &str = "a call that is waited for was made within a runtime\n\
                      hint: await the client itself";

/// A client whose calls are waited for.
///
/// Every method of the client can be called, in a closure:
///
/// ```text
/// let client = Blocking::new(client)?;
/// let thing = client.run(|client| client.get_thing("id"))?;
/// for thing in client.pages(|client| client.list_things_stream(None)) {
///     println!("{}", thing?.name);
/// }
/// ```
///
/// It has a runtime of its own on the thread that calls, and threads can share it. Within a runtime it refuses to wait:
/// there, the client itself is awaited.
#[derive(Debug)]
pub struct Blocking<C> {
    client: C,
    runtime: Runtime,
}

impl<C> Blocking<C> {
    /// Makes the calls of `client` ones that are waited for.
    ///
    /// # Errors
    /// The system has no more room for a runtime.
    pub fn new(client: C) -> std::io::Result<Blocking<C>> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Blocking { client, runtime })
    }

    /// The client itself.
    pub fn client(&self) -> &C {
        &self.client
    }

    /// Waits for one call.
    ///
    /// # Errors
    /// Those of the call, and [`Error::InvalidRequest`] within a runtime.
    #[allow(clippy::result_large_err, reason = "it is that of the call")]
    pub fn run<'a, T, E, R>(&'a self, call: impl FnOnce(&'a C) -> R) -> Result<T, Error<E>>
    where
        R: Future<Output = Result<T, Error<E>>> + 'a,
    {
        self.wait(call(&self.client))?
    }

    /// The items of a list, which are waited for one after the other.
    pub fn pages<'a, T, E>(
        &'a self,
        list: impl FnOnce(&'a C) -> Pages<'a, T, E>,
    ) -> impl Iterator<Item = Result<T, Error<E>>> + 'a
    where
        T: Unpin + 'a,
        E: 'a,
    {
        let mut pages = Some(list(&self.client));
        std::iter::from_fn(move || match self.wait(pages.as_mut()?.next()) {
            Ok(item) => item,
            Err(problem) => {
                pages = None;
                Some(Err(problem.into()))
            }
        })
    }

    /// Within a runtime there would be a panic.
    fn wait<R: Future>(&self, future: R) -> Result<R::Output, InvalidRequest> {
        match Handle::try_current() {
            Ok(_) => Err(WITHIN.to_owned().into()),
            Err(_) => Ok(self.runtime.block_on(future)),
        }
    }
}
