//! One lead of an electrocardiogram as waveform: General ECG from 200 samples a second, Ambulatory ECG below (PS3.3
//! sections A.34.4, A.34.5). Every sample is exact, in microvolts.

use clinical::{Ecg, EntryId, Reading, Timestamp};
use dicom_dictionary_std::{tags, uids};

use crate::{
    Instance, Unfit, Visit,
    dataset::Dataset,
    series::{Equipment, Series},
};

/// MDC_ECG_LEAD_I (PS3.16 CID 3001), as `fhir` has it: what a strap about the chest shows comes nearest to it.
const LEAD: [&str; 3] = ["2:1", "MDC", "Lead I"];
const MICROVOLT: [&str; 3] = ["uV", "UCUM", "microvolt"];

/// `reading` is the one that `ecg` is the measurement of.
///
/// # Errors
/// No ECG object of DICOM can hold it, or it is no patient's.
pub fn ecg(
    id: EntryId,
    ecg: &Ecg,
    reading: &Reading,
    visit: &Visit<'_>,
) -> Result<Instance, Unfit> {
    if !reading.is_of_a_patient() {
        return Err(Unfit::NotOfAPatient);
    }
    let sop_class = sop_class(ecg.hertz)?;
    let strip = Strip::of(ecg)?;
    let device = &reading.device;
    let series = Series {
        modality: "ECG",
        number: 2,
        description: "Electrocardiogram strips",
        equipment: Equipment {
            // The catalogue knows a device by its model.
            manufacturer: None,
            model: &device.model,
            serial: device.serial.as_deref(),
            software: device.firmware.as_deref(),
        },
    };
    let named = visit.named(id, &series, sop_class, uids::EXPLICIT_VR_LITTLE_ENDIAN);
    let set = visit
        .dataset(&named, &series, began(ecg, reading))?
        .items(tags::WAVEFORM_SEQUENCE, vec![strip.group(ecg.hertz)])
        .remarks(reading);
    Ok(named.file(set.finish()))
}

/// PS3.3 sections A.34.4.4.4 and A.34.5.4.4.
fn sop_class(hertz: u16) -> Result<&'static str, Unfit> {
    match hertz {
        200..=1000 => Ok(uids::GENERAL_ECG_WAVEFORM_STORAGE),
        50..200 => Ok(uids::AMBULATORY_ECG_WAVEFORM_STORAGE),
        _ => Err(Unfit::Rate(hertz)),
    }
}

/// When its first sample was. A strip is received with its last one.
fn began(ecg: &Ecg, reading: &Reading) -> Timestamp {
    let millis = ecg.microvolts.len() as u64 * 1000 / u64::from(ecg.hertz.max(1));
    let ended = || reading.received.plus_millis(-i64::try_from(millis).unwrap_or(i64::MAX));
    reading.corrected_time.unwrap_or_else(ended)
}

/// Samples of 16 bits, as far from a baseline as they are.
struct Strip {
    samples: Vec<u16>,
    /// Microvolts at sample 0. An electrode's own voltage may be ten times what the heart adds to it.
    baseline: i64,
}

impl Strip {
    fn of(ecg: &Ecg) -> Result<Self, Unfit> {
        let least = ecg.microvolts.iter().min().ok_or(Unfit::NoSamples)?;
        let most = ecg.microvolts.iter().max().ok_or(Unfit::NoSamples)?;
        let span = least.abs_diff(*most);
        if span > u32::from(u16::MAX) {
            return Err(Unfit::Span(span));
        }
        let fits = i16::try_from(*least).is_ok() && i16::try_from(*most).is_ok();
        // With the least sample at the least number, the others fit beside it.
        let baseline = if fits { 0 } else { i64::from(*least) - i64::from(i16::MIN) };
        let sample = |microvolts: &i32| {
            let above = i64::from(*microvolts) - baseline;
            i16::try_from(above).expect("the span fits").cast_unsigned()
        };
        let samples = ecg.microvolts.iter().map(sample).collect();
        Ok(Self { samples, baseline })
    }

    /// A multiplex group of one channel (PS3.3 section C.10.9).
    fn group(self, hertz: u16) -> Dataset {
        let count = u32::try_from(self.samples.len()).unwrap_or(u32::MAX);
        let channel = Dataset::new()
            .text(tags::CHANNEL_LABEL, "I")
            .code(tags::CHANNEL_SOURCE_SEQUENCE, LEAD)
            .text(tags::CHANNEL_SENSITIVITY, "1")
            .code(tags::CHANNEL_SENSITIVITY_UNITS_SEQUENCE, MICROVOLT)
            .text(tags::CHANNEL_SENSITIVITY_CORRECTION_FACTOR, "1")
            .text(tags::CHANNEL_BASELINE, &self.baseline.to_string())
            .text(tags::CHANNEL_SAMPLE_SKEW, "0")
            .short(tags::WAVEFORM_BITS_STORED, 16);
        Dataset::new()
            .text(tags::WAVEFORM_ORIGINALITY, "ORIGINAL")
            .short(tags::NUMBER_OF_WAVEFORM_CHANNELS, 1)
            .long(tags::NUMBER_OF_WAVEFORM_SAMPLES, count)
            .text(tags::SAMPLING_FREQUENCY, &hertz.to_string())
            .items(tags::CHANNEL_DEFINITION_SEQUENCE, vec![channel])
            .short(tags::WAVEFORM_BITS_ALLOCATED, 16)
            .text(tags::WAVEFORM_SAMPLE_INTERPRETATION, "SS")
            .samples(self.samples)
    }
}

impl Dataset {
    /// What the device says about its own strip, beside it (PS3.3 section C.10.10).
    fn remarks(self, reading: &Reading) -> Self {
        let remark = |quality: &clinical::Quality| {
            Self::new()
                // All channels of the first group.
                .shorts(tags::REFERENCED_WAVEFORM_CHANNELS, [1, 0])
                .text(tags::UNFORMATTED_TEXT_VALUE, terminology::remark(*quality))
        };
        if reading.quality.is_empty() {
            return self;
        }
        self.items(tags::WAVEFORM_ANNOTATION_SEQUENCE, reading.quality.iter().map(remark).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_rate_decides_which_object_holds_it() {
        for (hertz, expected) in [
            (130, Ok(uids::AMBULATORY_ECG_WAVEFORM_STORAGE)),
            (199, Ok(uids::AMBULATORY_ECG_WAVEFORM_STORAGE)),
            (200, Ok(uids::GENERAL_ECG_WAVEFORM_STORAGE)),
            (1000, Ok(uids::GENERAL_ECG_WAVEFORM_STORAGE)),
            (1001, Err(Unfit::Rate(1001))),
            (49, Err(Unfit::Rate(49))),
            (0, Err(Unfit::Rate(0))),
        ] {
            assert_eq!(sop_class(hertz), expected);
        }
    }

    #[test]
    fn a_strip_that_does_not_fit_or_is_none_is_refused() {
        let strip = |microvolts: Vec<i32>| Strip::of(&Ecg { microvolts, hertz: 130 }).err();
        assert_eq!(strip(vec![]), Some(Unfit::NoSamples));
        assert_eq!(strip(vec![0, 65_535]), None);
        assert_eq!(strip(vec![0, 65_536]), Some(Unfit::Span(65_536)));
        assert_eq!(strip(vec![i32::MIN, i32::MAX]), Some(Unfit::Span(u32::MAX)));
        assert_eq!(strip(vec![i32::MIN]), None);
    }

    proptest! {
        #[test]
        fn every_sample_can_be_counted_back(offset in -400_000..400_000, rest in prop::collection::vec(0..65_536, 1..50)) {
            let microvolts: Vec<i32> = rest.iter().map(|sample| sample + offset).collect();
            let strip = Strip::of(&Ecg { microvolts: microvolts.clone(), hertz: 130 }).unwrap();
            let back = strip.samples.iter().map(|sample| i64::from(sample.cast_signed()) + strip.baseline);
            prop_assert!(back.eq(microvolts.into_iter().map(i64::from)));
        }
    }
}
