//! The power goes while a vault gets another key.

use power_cut::{Adversary, Disk, trial, work};
use vault::{CartVault, OpenVaultError, VaultKey};

fn old() -> VaultKey {
    VaultKey::new([0x5a; 32])
}

fn new() -> VaultKey {
    VaultKey::new([0xa5; 32])
}

/// The key ring has both until the call returns; afterwards it has the new one alone.
#[test]
fn a_power_cut_while_a_vault_gets_another_key_leaves_it_whole_under_one_of_the_two() {
    let outer = trial::folder().unwrap();
    let folder = outer.path().join("vault");
    let disk = Disk::watch(&folder).unwrap();
    let vault = CartVault::open(&folder, &old()).unwrap();
    let visit = work::visit(1, 20_000);
    let entries: Vec<_> = visit.beginning.entries.iter().map(|entry| entry.entry().id).collect();
    vault.commit(visit.beginning).unwrap();
    drop(vault);
    let before = disk.take_log();
    CartVault::rekey(&folder, &old(), &new()).unwrap();
    let log = [before.as_slice(), &disk.take_log()].concat();

    let image = outer.path().join("image");
    let mut opened = [0, 0];
    for cut in before.len()..=log.len() {
        for adversary in Adversary::ALL {
            trial::lay_out_after(&log[..cut], adversary, cut as u64, &image).unwrap();
            let by_new = match CartVault::open(&image, &new()) {
                Err(OpenVaultError::WrongKey { .. }) => None,
                vault => Some(vault.unwrap()),
            };
            opened[usize::from(by_new.is_some())] += 1;
            assert!(by_new.is_some() || cut < log.len(), "{adversary:?}: the call had returned");
            let vault = by_new.unwrap_or_else(|| CartVault::open(&image, &old()).unwrap());
            for id in &entries {
                let entry = vault.entry(*id).unwrap();
                assert!(entry.is_some(), "{adversary:?} at {cut} of {}", log.len());
            }
            drop(vault);
            // A second try, as the technician makes it, comes to the end.
            CartVault::rekey(&image, &old(), &new()).unwrap();
            CartVault::open(&image, &new()).unwrap();
            std::fs::remove_dir_all(&image).unwrap();
        }
    }
    assert!(opened.iter().all(|images| *images > 20), "{opened:?}: both are met");
}
