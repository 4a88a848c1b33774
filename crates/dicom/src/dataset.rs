//! A data set in the making: each attribute has the value representation that the dictionary says (PS3.6).

use dicom_core::{
    DataElement, PrimitiveValue, Tag, VR,
    dictionary::{DataDictionary as _, DataDictionaryEntry as _},
    value::{DataSetSequence, PixelFragmentSequence},
};
use dicom_dictionary_std::{StandardDataDictionary, tags};
use dicom_object::InMemDicomObject;

/// Most characters of LO, and of one group of a name (PS3.5 section 6.2).
pub const LONG: usize = 64;
/// Of SH.
pub const SHORT: usize = 16;

pub struct Dataset(InMemDicomObject);

impl Dataset {
    pub fn new() -> Self {
        Self(InMemDicomObject::new_empty())
    }

    /// Type 1 or 3, in as many characters as its representation has.
    pub fn text(self, tag: Tag, value: &str) -> Self {
        self.put(tag, PrimitiveValue::from(value))
    }

    /// Type 2: there, and without a value where it is not known.
    pub fn text_or_empty(self, tag: Tag, value: Option<&str>) -> Self {
        self.put(tag, value.map_or(PrimitiveValue::Empty, PrimitiveValue::from))
    }

    /// Type 3: only if it is known.
    pub fn text_if(self, tag: Tag, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(tag, value),
            None => self,
        }
    }

    /// Several values of one attribute.
    pub fn texts<const N: usize>(self, tag: Tag, values: [&str; N]) -> Self {
        self.put(tag, PrimitiveValue::Strs(values.into_iter().map(str::to_owned).collect()))
    }

    /// US.
    pub fn short(self, tag: Tag, value: u16) -> Self {
        self.put(tag, PrimitiveValue::from(value))
    }

    /// Several of US.
    pub fn shorts<const N: usize>(self, tag: Tag, values: [u16; N]) -> Self {
        self.put(tag, PrimitiveValue::U16(values.into_iter().collect()))
    }

    /// UL.
    pub fn long(self, tag: Tag, value: u32) -> Self {
        self.put(tag, PrimitiveValue::from(value))
    }

    pub fn items(self, tag: Tag, items: Vec<Self>) -> Self {
        let items: Vec<_> = items.into_iter().map(|item| item.0).collect();
        self.element(DataElement::new(tag, VR::SQ, DataSetSequence::from(items)))
    }

    /// A coded concept (PS3.3 section 8.8).
    pub fn code(self, tag: Tag, [value, scheme, meaning]: [&str; 3]) -> Self {
        let item = Self::new()
            .text(tags::CODE_VALUE, value)
            .text(tags::CODING_SCHEME_DESIGNATOR, scheme)
            .text(tags::CODE_MEANING, meaning);
        self.items(tag, vec![item])
    }

    /// Samples of 16 bits, of a waveform.
    pub fn samples(self, values: Vec<u16>) -> Self {
        let values = PrimitiveValue::U16(values.into());
        self.element(DataElement::new(tags::WAVEFORM_DATA, VR::OW, values))
    }

    /// One encapsulated frame in one fragment (PS3.5 section A.4), which is filled up to an even length as it is written.
    pub fn frame(self, encoded: &[u8]) -> Self {
        let fragments = PixelFragmentSequence::new(Vec::new(), vec![encoded.to_vec()]);
        self.element(DataElement::new(tags::PIXEL_DATA, VR::OB, fragments))
    }

    pub fn finish(self) -> InMemDicomObject {
        self.0
    }

    fn put(self, tag: Tag, value: PrimitiveValue) -> Self {
        let entry = StandardDataDictionary.by_tag(tag).expect("tags come from that dictionary");
        let vr =
            entry.vr().exact().expect("attributes of several representations have their own way");
        self.element(DataElement::new(tag, vr, value))
    }

    fn element(mut self, element: DataElement<InMemDicomObject, Vec<u8>>) -> Self {
        self.0.put(element);
        self
    }
}

/// Without what means something to DICOM: a backslash parts values, control characters switch character sets. `None`:
/// nothing is left.
pub fn clean(text: &str) -> Option<String> {
    let kept: String = text
        .chars()
        .map(|char| if char == '\\' || char.is_control() { ' ' } else { char })
        .collect();
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// A label: of what is too long, the beginning.
pub fn label(text: &str, most: usize) -> Option<String> {
    clean(text).map(|text| text.chars().take(most).collect::<String>().trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_has_no_delimiters_and_as_many_characters_as_fit() {
        for (text, expected) in [
            ("Cart 3", Some("Cart 3")),
            ("a\\b\u{1b}c", Some("a b c")),
            ("  ", None),
            ("\\", None),
            ("123456789012345 7", Some("123456789012345")),
            ("ÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜ", Some("ÄÖÜÄÖÜÄÖÜÄÖÜÄÖÜÄ")),
        ] {
            assert_eq!(label(text, SHORT).as_deref(), expected, "{text}");
        }
    }
}
