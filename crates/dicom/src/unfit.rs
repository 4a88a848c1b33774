//! Why something cannot go to an image archive as it is.

use crate::Process;

/// The same again gets the same answer. In plain words, without patient data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("the picture is no JPEG that is whole; look at it, and take it again")]
    NoJpeg,
    #[error("the picture is a {0} JPEG; image archives are sent baseline JPEG only")]
    Coding(&'static str),
    #[error("the picture has {0} bits a colour; image archives take photographs of 8")]
    Bits(u8),
    #[error("the picture has {0} colours a pixel; grey (1) and colour (3) can be sent")]
    Components(u8),
    #[error("the picture is of type `{0}`; image archives are sent image/jpeg")]
    MediaType(String),
    #[error(
        "the picture's own header says {} × {} pixels, and what was noted at capture says {} × {}: \
         somebody has to look which is right",
        header.0, header.1, noted.0, noted.1
    )]
    Size { header: (u16, u16), noted: (u32, u32) },
    #[error(
        "the patient's number is empty, longer than 64 characters or has a backslash in it: no image archive can \
         file it"
    )]
    PatientNumber,
    #[error("the device was demonstrating or testing itself: this is no patient's")]
    NotOfAPatient,
    #[error("the strip has no samples")]
    NoSamples,
    #[error("{0} samples a second is a rate that no ECG object of DICOM takes: 50 to 1000 are")]
    Rate(u16),
    #[error("the strip spans {0} µV; one with samples of 16 bits holds 65535")]
    Span(u32),
    #[error("the time of capture lies beyond what a calendar holds")]
    Time,
}

impl Unfit {
    pub(crate) fn coding(process: Process) -> Self {
        Self::Coding(process.name())
    }
}
