//! The elements of a data set in explicit VR, little endian (PS3.5 section 7.1.2), where they lie.
//!
//! For what an archive gives back. A length that is said is never taken at its word: nothing is allocated, and what
//! goes beyond the bytes ends the walk.

use dicom_core::Tag;

/// One element and its bytes; of a sequence, its items' bytes with their headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    pub tag: Tag,
    pub value: Value<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// With a length, whatever its representation.
    Bytes(&'a [u8]),
    /// Of undefined length, up to its delimiter: a sequence, or encapsulated frames.
    Delimited(&'a [u8]),
}

/// The bytes are no such data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken;

/// Sequences within sequences; no object that is stored here has more than four.
const DEEPEST: u8 = 16;
const UNDEFINED: u32 = u32::MAX;
const ITEM: Tag = Tag(0xFFFE, 0xE000);
const ITEM_END: Tag = Tag(0xFFFE, 0xE00D);
const SEQUENCE_END: Tag = Tag(0xFFFE, 0xE0DD);

impl<'a> Value<'a> {
    pub fn bytes(self) -> &'a [u8] {
        match self {
            Self::Bytes(bytes) | Self::Delimited(bytes) => bytes,
        }
    }

    /// Of a sequence its items, of encapsulated frames the offset table and the fragments.
    pub fn items(self) -> Items<'a> {
        Items { rest: self.bytes() }
    }
}

/// The elements of `bytes`, one after the other; after [`Broken`] there are none.
pub fn elements(bytes: &[u8]) -> Elements<'_> {
    Elements { rest: bytes }
}

pub struct Elements<'a> {
    rest: &'a [u8],
}

pub struct Items<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Elements<'a> {
    type Item = Result<Element<'a>, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let found = element(self.rest, 0);
        self.rest = found.map_or(&[], |(_, rest)| rest);
        Some(found.map(|(element, _)| element).ok_or(Broken))
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = Result<&'a [u8], Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let found = item(self.rest, 0);
        self.rest = found.map_or(&[], |(_, rest)| rest);
        Some(found.map(|(item, _)| item).ok_or(Broken))
    }
}

/// An element, and what comes after it.
fn element(bytes: &[u8], depth: u8) -> Option<(Element<'_>, &[u8])> {
    let (tag, rest) = tag(bytes)?;
    let (vr, rest) = rest.split_first_chunk::<2>()?;
    let (length, rest) = match vr {
        // PS3.5 table 7.1-1: two bytes are reserved, four are the length.
        b"OB" | b"OD" | b"OF" | b"OL" | b"OV" | b"OW" | b"SQ" | b"SV" | b"UC" | b"UN" | b"UR"
        | b"UT" | b"UV" => number(rest.get(2..)?)?,
        [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => {
            let (length, rest) = rest.split_first_chunk::<2>()?;
            (u16::from_le_bytes(*length).into(), rest)
        }
        _ => return None,
    };
    let (value, rest) = if length == UNDEFINED {
        let (inside, rest) = delimited(rest, depth)?;
        (Value::Delimited(inside), rest)
    } else {
        let (value, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        (Value::Bytes(value), rest)
    };
    Some((Element { tag, value }, rest))
}

/// Up to the delimiter of a sequence, and what comes after it.
fn delimited(bytes: &[u8], depth: u8) -> Option<(&[u8], &[u8])> {
    let mut rest = bytes;
    loop {
        let (found, after) = tag(rest)?;
        if found == SEQUENCE_END {
            let (_, after) = number(after)?;
            return Some((&bytes[..bytes.len() - rest.len()], after));
        }
        (_, rest) = item(rest, depth)?;
    }
}

/// What is in an item, and what comes after it.
fn item(bytes: &[u8], depth: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = tag(bytes)?;
    let (length, rest) = number(rest)?;
    if found != ITEM || depth >= DEEPEST {
        return None;
    }
    if length != UNDEFINED {
        return rest.split_at_checked(usize::try_from(length).ok()?);
    }
    let inside = rest;
    let mut rest = rest;
    loop {
        let (found, after) = tag(rest)?;
        if found == ITEM_END {
            let (_, after) = number(after)?;
            return Some((&inside[..inside.len() - rest.len()], after));
        }
        (_, rest) = element(rest, depth + 1)?;
    }
}

fn tag(bytes: &[u8]) -> Option<(Tag, &[u8])> {
    let (&[g0, g1, e0, e1], rest) = bytes.split_first_chunk()?;
    Some((Tag(u16::from_le_bytes([g0, g1]), u16::from_le_bytes([e0, e1])), rest))
}

fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk()?;
    Some((u32::from_le_bytes(*number), rest))
}
