//! The roads that an entry can take, and who dies on them.

use sim_ehr::{EPIC, ORACLE, PUT_ONLY, Rules, TRANSACTIONS, VERADIGM};

pub struct Road {
    pub name: &'static str,
    pub rules: &'static Rules,
    pub by: By,
    pub dies: Dies,
}

/// By what the hub delivers readings and notes, or pictures.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum By {
    Fhir,
    /// HL7 version 2 to an interface engine.
    Engine,
    /// Pictures as DICOM to an image archive.
    Archive,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Dies {
    /// The hub, while it delivers what it has.
    Delivering,
    /// The hub, while a cart brings it a visit.
    TakingIn,
    /// The cart, while it brings the hub a visit.
    Sending,
}

pub const ALL: [Road; 9] = [
    by_fhir("transaction", &TRANSACTIONS),
    by_fhir("PUT", &PUT_ONLY),
    by_fhir("create, settle, search (Epic)", &EPIC),
    by_fhir("create, settle, search (Oracle Health)", &ORACLE),
    by_fhir("create, settle, search (Veradigm)", &VERADIGM),
    Road { name: "HL7 over MLLP", rules: &TRANSACTIONS, by: By::Engine, dies: Dies::Delivering },
    Road { name: "DICOM by STOW", rules: &TRANSACTIONS, by: By::Archive, dies: Dies::Delivering },
    Road { name: "into the hub", rules: &TRANSACTIONS, by: By::Fhir, dies: Dies::TakingIn },
    Road { name: "out of the cart", rules: &TRANSACTIONS, by: By::Fhir, dies: Dies::Sending },
];

const fn by_fhir(name: &'static str, rules: &'static Rules) -> Road {
    Road { name, rules, by: By::Fhir, dies: Dies::Delivering }
}

impl Road {
    pub fn has_cart(&self) -> bool {
        self.dies != Dies::Delivering
    }
}
