//! docs/faults.md names the test of each fault at each link. Here they are looked for.

use std::{collections::HashSet, fs, path::Path};

const TABLE: &str = include_str!("../../../../docs/faults.md");

/// The names of all functions in the sources below a folder.
fn functions(folder: &Path, found: &mut HashSet<String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if entry.file_type().unwrap().is_dir() {
            functions(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let names = text.split("fn ").skip(1).filter_map(|rest| rest.split('(').next());
            found.extend(names.map(str::to_owned));
        }
    }
}

#[test]
fn every_test_of_the_table_exists() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = HashSet::new();
    for name in ["device-links", "devices", "encounter", "peripherals", "sim-devices"] {
        for folder in ["src", "tests"].map(|part| crates.join(name).join(part)) {
            if folder.exists() {
                functions(&folder, &mut found);
            }
        }
    }
    let rows = TABLE.lines().filter(|line| line.starts_with('|'));
    let named: Vec<&str> = rows.flat_map(|row| row.split('`').skip(1).step_by(2)).collect();
    assert!(named.len() > 40, "{named:?}");
    let missing: Vec<_> = named.into_iter().filter(|name| !found.contains(*name)).collect();
    assert_eq!(missing, [""; 0]);
}
