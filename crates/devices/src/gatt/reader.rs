//! Takes a characteristic's value apart: little-endian fields one after another, some of them there
//! only if a flag says so.

use crate::{
    Number, Wrong,
    date_time::DateTime,
    ieee11073::{float, sfloat},
};

/// The bytes not yet read. What is cut short, and what is left over at the end, is [`Wrong::Length`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn take<const N: usize>(&mut self) -> Result<[u8; N], Wrong> {
        let (field, rest) = self.rest.split_first_chunk().ok_or(Wrong::Length)?;
        self.rest = rest;
        Ok(*field)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Wrong> {
        self.take().map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self) -> Result<u16, Wrong> {
        self.take().map(u16::from_le_bytes)
    }

    pub(crate) fn u24(&mut self) -> Result<u32, Wrong> {
        self.take().map(|[low, middle, high]| u32::from_le_bytes([low, middle, high, 0]))
    }

    pub(crate) fn sfloat(&mut self) -> Result<Number, Wrong> {
        self.take().map(sfloat)
    }

    pub(crate) fn float(&mut self) -> Result<Number, Wrong> {
        self.take().map(float)
    }

    /// `None`: there is no such date. A measurement is not thrown away because its time is wrong.
    pub(crate) fn date_time(&mut self) -> Result<Option<DateTime>, Wrong> {
        self.take().map(|bytes| DateTime::from_bytes(bytes).ok())
    }

    /// A field that a flag announces.
    pub(crate) fn when<T>(
        &mut self,
        there: bool,
        read: impl FnOnce(&mut Self) -> Result<T, Wrong>,
    ) -> Result<Option<T>, Wrong> {
        there.then(|| read(self)).transpose()
    }

    pub(crate) fn is_empty(self) -> bool {
        self.rest.is_empty()
    }

    /// Everything has been read.
    pub(crate) fn end(self) -> Result<(), Wrong> {
        if self.is_empty() { Ok(()) } else { Err(Wrong::Length) }
    }
}

#[cfg(test)]
mod tests {
    use clinical::Decimal;

    use super::*;

    #[test]
    fn fields_come_in_order_with_the_low_byte_first() {
        let mut reader = Reader::new(&[1, 2, 3, 4, 5, 6, 0xB5, 0xF4, 0x72, 1, 0, 0xFF]);
        assert_eq!(reader.u8(), Ok(1));
        assert_eq!(reader.u16(), Ok(0x0302));
        assert_eq!(reader.u24(), Ok(0x0006_0504));
        assert_eq!(reader.sfloat(), Ok(Number::Value(Decimal::new(1205, -1))));
        assert_eq!(reader.float(), Ok(Number::Value(Decimal::new(370, -1))));
        assert_eq!(reader.end(), Ok(()));
    }

    #[test]
    fn too_few_bytes_and_too_many_are_a_wrong_length() {
        assert_eq!(Reader::new(&[1]).u16(), Err(Wrong::Length));
        assert_eq!(Reader::new(&[1; 6]).date_time(), Err(Wrong::Length));
        assert_eq!(Reader::new(&[1]).end(), Err(Wrong::Length));
    }

    #[test]
    fn a_field_is_read_only_if_it_is_announced() {
        let mut reader = Reader::new(&[7]);
        assert_eq!(reader.when(false, Reader::u8), Ok(None));
        assert_eq!(reader.when(true, Reader::u8), Ok(Some(7)));
        assert_eq!(reader.when(true, Reader::u8), Err(Wrong::Length));
    }

    #[test]
    fn a_date_that_does_not_exist_is_no_date_and_takes_its_place() {
        let mut reader = Reader::new(&[0xEA, 7, 2, 30, 0, 0, 0, 9]);
        assert_eq!(reader.date_time(), Ok(None));
        assert_eq!(reader.u8(), Ok(9));
    }
}
