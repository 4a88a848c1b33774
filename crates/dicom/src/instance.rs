//! One DICOM file, ready to be stored.

use dicom_object::{FileMetaTableBuilder, InMemDicomObject};

/// Implementation Class UID (PS3.7 section D.3.3.2): this program, in any version.
const IMPLEMENTATION: &str = "2.25.141868371873391029423519713211042512361";
/// Implementation Version Name, of at most 16 characters. Without a number: a retry after an update has to be the same bytes.
const IMPLEMENTATION_NAME: &str = "BEDSIDE";

/// What is stored: it keeps its UIDs and its bytes over every retry. `Debug` says nothing of what is in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Instance {
    pub sop_class_uid: &'static str,
    pub sop_instance_uid: String,
    pub series_instance_uid: String,
    pub study_instance_uid: String,
    pub transfer_syntax_uid: &'static str,
    /// A file as PS3.10 says.
    pub bytes: Vec<u8>,
}

/// The names of a file, before it has its bytes.
pub struct Named {
    pub sop_class: &'static str,
    pub instance: String,
    pub series: String,
    pub study: String,
    pub transfer_syntax: &'static str,
}

impl Named {
    pub fn file(self, set: InMemDicomObject) -> Instance {
        let meta = FileMetaTableBuilder::new()
            .media_storage_sop_class_uid(self.sop_class)
            .media_storage_sop_instance_uid(self.instance.as_str())
            .transfer_syntax(self.transfer_syntax)
            .implementation_class_uid(IMPLEMENTATION)
            .implementation_version_name(IMPLEMENTATION_NAME)
            .build()
            .expect("everything that a header must have is given");
        let mut bytes = Vec::new();
        set.with_exact_meta(meta).write_all(&mut bytes).expect("writing to memory does not fail");
        Instance {
            sop_class_uid: self.sop_class,
            sop_instance_uid: self.instance,
            series_instance_uid: self.series,
            study_instance_uid: self.study,
            transfer_syntax_uid: self.transfer_syntax,
            bytes,
        }
    }
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Instance({}, {} bytes)", self.sop_instance_uid, self.bytes.len())
    }
}
