//! Every name that could meet one of Rust or of ours compiles without a warning, wherever it stands.

#![deny(warnings)]

samples::contract!("names");

#[test]
fn every_name_can_stand_everywhere() {
    let operations = api::Operation::ALL.len();
    assert!(operations > 300, "only {operations} operations were swept");
}
