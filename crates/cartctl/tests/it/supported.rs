//! The table that a technician prints is the one in the documentation.

use crate::program::cartctl;

#[test]
fn the_printed_table_is_the_page_of_the_documentation() {
    let said = cartctl(&["supported"]);
    assert_eq!(said.out, include_str!("../../../../docs/field/supported-devices.md"));
    assert!(said.out.contains("| SunTech Advantage |"), "{}", said.out);
}
