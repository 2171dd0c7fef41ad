//! `contract bundle`.

use super::{contract, folder, museum, read, shown, with_info};

#[test]
fn files_become_one_document_on_standard_output() {
    let ran = contract(&["bundle", "--contract", &museum()]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(
        ran.out.starts_with("{\n  \"openapi\": \"3.1.0\""),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("\"$ref\": \"#/components/schemas/Tour\""),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("\"maxLength\": 80"), "{}", ran.out);
}

#[test]
fn the_ending_of_the_file_chooses_the_format() {
    let (museum, folder) = (museum(), folder("bundle"));
    let text = |name: &str| {
        let file = folder.join(name);
        let ran = contract(&["bundle", "--contract", &museum, "--out", shown(&file)]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{}", ran.err);
        read(&file)
    };
    assert_eq!(
        text("new/api.json"),
        contract(&["bundle", "--contract", &museum]).out
    );
    assert!(text("api.yaml").starts_with("openapi: "));
    // What was bundled can be bundled again, from either format.
    for name in ["new/api.json", "api.yaml"] {
        let again = contract(&["bundle", "--contract", shown(&folder.join(name))]);
        assert_eq!(again.out, read(&folder.join("new/api.json")), "{name}");
    }
}

#[test]
fn references_that_lead_nowhere_have_their_place() {
    let folder = folder("bundle-refused");
    let text = read(museum().as_ref()).replace("tours.yaml", "nowhere.yaml");
    let file = folder.join("museum.yaml");
    std::fs::write(&file, text).expect("the contract is written");
    let ran = contract(&["bundle", "--contract", shown(&file)]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(ran.err.contains("museum.yaml:21:"), "{}", ran.err);
    assert!(ran.err.contains("\nhint: "), "{}", ran.err);
}

#[test]
fn unused_components_go_if_that_is_asked_for() {
    let folder = folder("bundle-prune");
    let file = with_info(&folder, "{title: A, version: '1'}");
    let text = read(file.as_ref()) + "components: {schemas: {Lost: {type: string}}}\n";
    std::fs::write(&file, text).expect("the contract is written");
    let bundled = |more: &[&str]| {
        let ran = contract(&[&["bundle", &file, "--format", "yaml"], more].concat());
        assert_eq!(ran.code, Some(0), "{}", ran.err);
        assert!(ran.out.starts_with("openapi: 3.1.0\n"), "{}", ran.out);
        ran.out.contains("Lost")
    };
    assert_eq!([bundled(&[]), bundled(&["--prune"])], [true, false]);
}
