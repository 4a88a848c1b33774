//! How the record was opened at this start: a row of the audit, and for a passphrase file a notice.

use cart_api::{NoticeKind, OpenedBy};
use clinical::{Act, Actor};

use super::Core;
use crate::clock;

impl Core {
    pub(super) fn tell_start(&mut self) {
        let by = match self.opened_by {
            OpenedBy::Tpm => Act::KeyByTpm,
            OpenedBy::PassphraseFile => Act::KeyByPassphrase,
            OpenedBy::KeyFile => Act::KeyByFile,
        };
        for what in [Act::Started, by] {
            self.tell(Actor::cart(&self.cart), what, []);
        }
        self.remind_of_protection();
    }

    /// Also to who signs in: a cart runs for months, and who dismissed it may not have told anybody.
    pub(super) fn remind_of_protection(&mut self) {
        if self.opened_by == OpenedBy::PassphraseFile {
            self.notices.raise(NoticeKind::Unprotected, clock::now());
        }
    }
}
