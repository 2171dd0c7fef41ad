//! Names that are one name once letters are folded, and names of what is made of others.

#![deny(warnings)]

samples::contract!("folded");

#[test]
fn names_that_meet_are_kept_apart() {
    let error = client::Client::builder("http://host").build().err();
    let error = error.expect("credentials are missing").to_string();
    assert!(
        error.contains("`put_a` needs `api_key_(…)` and `api_key__(…)`"),
        "{error}"
    );
    assert_eq!(api::Operation::ALL.len(), 13);
}
