//! A still as VL Photographic Image (PS3.3 section A.32.4): the JPEG as it was taken, with a header.

use clinical::{EntryId, Examined, Laterality, Still};
use dicom_dictionary_std::{tags, uids};

use crate::{
    Colour, Frame, Instance, Process, Unfit, Visit,
    dataset::Dataset,
    frame,
    series::{Equipment, Series},
};

/// `jpeg` is what lies under the still's hash; it goes as it is.
///
/// # Errors
/// The picture is none that an image archive takes, or its header says another size than was noted.
pub fn still(
    id: EntryId,
    still: &Still,
    jpeg: &[u8],
    visit: &Visit<'_>,
) -> Result<Instance, Unfit> {
    if still.media_type != "image/jpeg" {
        return Err(Unfit::MediaType(still.media_type.clone()));
    }
    let frame = frame(jpeg)?;
    let header = (frame.width, frame.height);
    if (u32::from(frame.width), u32::from(frame.height)) != (still.width, still.height) {
        return Err(Unfit::Size { header, noted: (still.width, still.height) });
    }
    let series = Series {
        // External-camera photography (PS3.3 section C.7.3.1.1.1).
        modality: "XC",
        number: 1,
        description: "Photographs",
        // Maker and model of an exam camera are not noted; the comment says what it was.
        equipment: Equipment {
            manufacturer: Some("Bedside"),
            model: "Telemedicine cart",
            serial: None,
            software: None,
        },
    };
    let syntax = match frame.process {
        Process::Baseline => uids::JPEG_BASELINE8_BIT,
        Process::Extended => uids::JPEG_EXTENDED12_BIT,
        other => return Err(Unfit::coding(other)),
    };
    let named = visit.named(id, &series, uids::VL_PHOTOGRAPHIC_IMAGE_STORAGE, syntax);
    let set = visit
        .dataset(&named, &series, still.taken)?
        .texts(tags::IMAGE_TYPE, ["ORIGINAL", "PRIMARY"])
        // From where the picture was taken nobody has noted.
        .text_or_empty(tags::PATIENT_ORIENTATION, None)
        .examined(still.examined)
        .pixels(&frame)
        .compressed(&frame, jpeg.len())
        .frame(jpeg);
    Ok(named.file(set.finish()))
}

impl Dataset {
    /// Image Comments (PS3.3 section C.7.6.1), and Image Laterality as a standard extension (PS3.2 section 7.3).
    fn examined(self, examined: Option<Examined>) -> Self {
        let set = match examined {
            None => self,
            Some(examined) => self.text(tags::IMAGE_COMMENTS, &examined.words()),
        };
        match examined.and_then(|examined| examined.side) {
            // Of the series, in which both sides may be: there unless the picture says its own.
            None => set.text_or_empty(tags::LATERALITY, None),
            Some(Laterality::Right) => set.text(tags::IMAGE_LATERALITY, "R"),
            Some(Laterality::Left) => set.text(tags::IMAGE_LATERALITY, "L"),
        }
    }

    /// Image Pixel and VL Image (PS3.3 sections C.7.6.3, C.8.12.1): 8 bits, unsigned.
    fn pixels(self, frame: &Frame) -> Self {
        let set = match frame.colour {
            Colour::Grey => self,
            Colour::YCbCr | Colour::Rgb => self.short(tags::PLANAR_CONFIGURATION, 0),
        };
        // Of the JPEG's colours; how far it thins them out is written in itself (PS3.5 section 8.2.1).
        let photometric = match frame.colour {
            Colour::Grey => "MONOCHROME2",
            Colour::YCbCr => "YBR_FULL_422",
            Colour::Rgb => "RGB",
        };
        set.short(tags::SAMPLES_PER_PIXEL, frame.colour.samples())
            .text(tags::PHOTOMETRIC_INTERPRETATION, photometric)
            .short(tags::ROWS, frame.height)
            .short(tags::COLUMNS, frame.width)
            .short(tags::BITS_ALLOCATED, 8)
            .short(tags::BITS_STORED, 8)
            .short(tags::HIGH_BIT, 7)
            .short(tags::PIXEL_REPRESENTATION, 0)
    }

    /// General Image (PS3.3 section C.7.6.1.1.5): it is lossy, and how much.
    fn compressed(self, frame: &Frame, bytes: usize) -> Self {
        let samples = u64::from(frame.width) * u64::from(frame.height);
        let raw = samples * u64::from(frame.colour.samples());
        // In hundredths; a picture has bytes.
        let ratio = raw * 100 / (bytes as u64).max(1);
        self.text(tags::LOSSY_IMAGE_COMPRESSION, "01")
            .text(
                tags::LOSSY_IMAGE_COMPRESSION_RATIO,
                &format!("{}.{:02}", ratio / 100, ratio % 100),
            )
            .text(tags::LOSSY_IMAGE_COMPRESSION_METHOD, "ISO_10918_1")
    }
}
