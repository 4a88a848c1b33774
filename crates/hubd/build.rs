//! The physicians' page is embedded, so it has to be there first; says so in plain words.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=portal/dist");
    assert!(
        Path::new("portal/dist/index.html").is_file(),
        "the physicians' page is not built yet: run `cargo xtask portal` first"
    );
}
