//! What a technician has to know of how the cart's record is locked, beside every look at the cart.

use cart_api::{OpenedBy, RecordKey};

use crate::cart::Cart;

/// On standard error, so that the JSON on standard output stays JSON. Nothing where all is well.
///
/// # Errors
/// `cartd` does not answer.
pub fn warn(cart: &mut Cart) -> anyhow::Result<()> {
    let key = cart.key()?;
    warnings(key).into_iter().for_each(|warning| eprintln!("WARNING: {warning}"));
    Ok(())
}

fn warnings(key: RecordKey) -> Vec<&'static str> {
    let unprotected = match key.opened_by {
        OpenedBy::Tpm | OpenedBy::KeyFile => None,
        OpenedBy::PassphraseFile => Some(
            "The record of this cart is NOT protected against theft of the machine: a passphrase file on it \
             opens the record, and no TPM. docs/field/keys.md says how to make a key ring with a TPM.",
        ),
    };
    let rotating = key.rotating.then_some(
        "The record was being given a new key, and the work was cut off. Stop cartd and run: cartd ring rotate",
    );
    [unprotected, rotating].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_person_has_to_do_something_about_is_a_warning() {
        let told = |opened_by, rotating| warnings(RecordKey { opened_by, rotating }).len();
        for opened_by in [OpenedBy::Tpm, OpenedBy::KeyFile] {
            assert_eq!((told(opened_by, false), told(opened_by, true)), (0, 1));
        }
        let by = OpenedBy::PassphraseFile;
        assert_eq!((told(by, false), told(by, true)), (1, 2));
    }
}
