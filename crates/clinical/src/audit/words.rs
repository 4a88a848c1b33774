//! What can be done, and who does it, with the words that stand for them in the rows.

use std::{fmt, str::FromStr};

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no word of the audit that this version knows")]
pub struct ParseWordError(String);

/// An enum whose variants each have one word. A word that was written once is never given another
/// meaning: it is in the hash of its row.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name {
            $($(#[$of])* $variant,)+
        }

        impl $name {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl FromStr for $name {
            type Err = ParseWordError;

            fn from_str(word: &str) -> Result<Self, ParseWordError> {
                let found = Self::ALL.iter().find(|known| known.word() == word);
                found.copied().ok_or_else(|| ParseWordError(word.to_owned()))
            }
        }
    };
}

words! {
    /// What was done.
    Act {
        /// A program began its work.
        Started = "started",
        /// The key of the cart's record was opened by the cart's TPM, at a start.
        KeyByTpm = "key_by_tpm",
        /// By a passphrase file, which lies on the same machine.
        KeyByPassphrase = "key_by_passphrase",
        /// It was a file: there is no key ring.
        KeyByFile = "key_by_file",
        KeyRingCreated = "key_ring_created",
        /// By the hospital's recovery key; the cart itself opens the key ring again.
        KeyRingRecovered = "key_ring_recovered",
        /// The key ring was wrapped to another recovery key.
        RecoveryKeyChanged = "recovery_key_changed",
        /// The record was encrypted with a new key.
        RecordKeyRotated = "record_key_rotated",
        SignedIn = "signed_in",
        SignInFailed = "sign_in_failed",
        /// By the person, or by the cart because nobody touched it for long.
        SignedOut = "signed_out",
        /// A nurse or a physician was added, changed or unlocked.
        AccountChanged = "account_changed",
        CartEnrolled = "cart_enrolled",
        CartConnected = "cart_connected",
        PatientOpened = "patient_opened",
        VisitClosed = "visit_closed",
        ReadingBound = "reading_bound",
        /// From the tray of unassigned readings: bound to a patient after the fact.
        ReadingClaimed = "reading_claimed",
        ReadingDiscarded = "reading_discarded",
        Observed = "observed",
        StillTaken = "still_taken",
        /// What was heard at one place of the body was kept.
        AuscultationKept = "auscultation_kept",
        NoteWritten = "note_written",
        LimitsSet = "limits_set",
        CallStarted = "call_started",
        CallAnswered = "call_answered",
        CallEnded = "call_ended",
        CameraMoved = "camera_moved",
        /// A physician was shown the encounter that somebody calls about.
        ConsultShown = "consult_shown",
        PictureSeen = "picture_seen",
        /// A recording was loaded to be heard again.
        SoundHeard = "sound_heard",
        /// A physician was shown what the EHR holds of the patient in the call.
        ChartRead = "chart_read",
        /// These carts were told who is expected.
        WorklistTold = "worklist_told",
        /// The EHR told that two numbers are one patient's; the hub took it.
        PatientsMerged = "patients_merged",
        /// What was recorded under a number that was merged away goes into the surviving chart.
        MergeFollowed = "merge_followed",
        /// The hub took an entry into its record.
        EntryKept = "entry_kept",
        EntryDelivered = "entry_delivered",
        EntrySetAside = "entry_set_aside",
        /// It was sent, and nothing proves that it arrived.
        EntryUnproven = "entry_unproven",
        /// A person said of an entry that it is there, or is to be sent again.
        EntryDecided = "entry_decided",
        /// What is in the EHR and older than the retention went, as far as one step takes it.
        EncounterPurged = "encounter_purged",
        /// The audit of a cart is not a continuation of what the hub knows of it.
        AuditContradicted = "audit_contradicted",
        AuditExported = "audit_exported",
    }
}

words! {
    /// As what somebody acts.
    ActorRole {
        Nurse = "nurse",
        Physician = "physician",
        Administrator = "administrator",
        Cart = "cart",
        Hub = "hub",
        /// Who tried to sign in under a name that nobody has.
        Somebody = "somebody",
    }
}

/// A person, or a program that acts by itself. Its name is never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    role: ActorRole,
    name: String,
}

impl Actor {
    /// By staff number.
    pub fn nurse(staff_number: &str) -> Self {
        Self::named(ActorRole::Nurse, staff_number)
    }

    /// At the hub by the account's name, at a cart by the name that nurses read: a cart knows no other.
    pub fn physician(name: &str) -> Self {
        Self::named(ActorRole::Physician, name)
    }

    /// By the user of the machine.
    pub fn administrator(user: &str) -> Self {
        Self::named(ActorRole::Administrator, user)
    }

    pub fn cart(name: &str) -> Self {
        Self::named(ActorRole::Cart, name)
    }

    pub fn hub() -> Self {
        Self::named(ActorRole::Hub, "hub")
    }

    pub fn somebody() -> Self {
        Self::named(ActorRole::Somebody, "unknown")
    }

    fn named(role: ActorRole, name: &str) -> Self {
        let name = if name.trim().is_empty() { "unnamed" } else { name };
        Self { role, name: name.to_owned() }
    }

    pub fn role(&self) -> ActorRole {
        self.role
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

/// "nurse:4711", as it stands in the rows.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.role.word(), self.name)
    }
}

impl FromStr for Actor {
    type Err = ParseWordError;

    fn from_str(text: &str) -> Result<Self, ParseWordError> {
        let (role, name) = text.split_once(':').ok_or_else(|| ParseWordError(text.to_owned()))?;
        Ok(Self::named(role.parse()?, name))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_word_is_read_back_and_stands_for_one_thing() {
        let words: BTreeSet<_> = Act::ALL.iter().map(|act| act.word()).collect();
        assert_eq!(words.len(), Act::ALL.len());
        for act in Act::ALL {
            assert_eq!(act.word().parse(), Ok(*act));
        }
        assert!("purged".parse::<Act>().is_err());
    }

    #[test]
    fn an_actor_is_read_back_whatever_the_name() {
        for name in ["4711", "Dr. Amara Weiss", "a:b", "ß", " x"] {
            let actor = Actor::physician(name);
            assert_eq!(actor.to_string().parse(), Ok(actor));
        }
        assert!("4711".parse::<Actor>().is_err());
    }

    #[test]
    fn nobody_acts_without_a_name() {
        for blank in ["", " ", "\n"] {
            assert_eq!(Actor::nurse(blank).to_string(), "nurse:unnamed");
        }
    }
}
