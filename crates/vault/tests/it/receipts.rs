//! What the EHR is told at the end of a visit stays as it was first told.

use clinical::Note;
use vault::{HubVault, KeptReceipt};

use crate::common::{NOW, encounter, hub_vault, key};

fn receipt(text: &str, later: i64) -> KeptReceipt {
    let content = Note { author: "Telemedicine cart cart-7".into(), text: text.into() };
    KeptReceipt { made: NOW.plus_millis(later), content }
}

#[test]
fn the_first_receipt_of_a_visit_stays_over_a_restart() {
    let (folder, vault) = hub_vault();
    assert_eq!(vault.receipt(encounter(1)).unwrap(), None);
    let first = receipt("all delivered", 0);
    assert_eq!(vault.keep_receipt(encounter(1), &first).unwrap(), first);
    drop(vault);
    let vault = HubVault::open(folder.path(), &key()).unwrap();
    assert_eq!(vault.keep_receipt(encounter(1), &receipt("more", 5)).unwrap(), first);
    assert_eq!(vault.receipt(encounter(1)).unwrap(), Some(first));
    let other = receipt("another visit", 5);
    assert_eq!(vault.keep_receipt(encounter(2), &other).unwrap(), other);
}
