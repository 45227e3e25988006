//! Reading numbers and texts out of bytes. Beyond the end there is nothing, never a panic.

use std::ops::Range;

/// The bytes at a place; zeros beyond the end.
pub(super) fn array<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut taken = [0; N];
    let there = bytes.get(at..).unwrap_or_default();
    taken.iter_mut().zip(there).for_each(|(slot, byte)| *slot = *byte);
    taken
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(array(bytes, at))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(array(bytes, at))
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(array(bytes, at))
}

/// Numbers of equally many bits, packed side by side.
#[derive(Debug, Clone, Copy)]
pub(super) struct List {
    /// The byte where it begins.
    at: usize,
    /// Bits of an item. A part of it that is read at once has no more than 56 of them.
    width: usize,
    /// How many there are.
    pub(super) items: usize,
}

impl List {
    /// A list that begins there. It need not lie within the bytes that it is read from.
    pub(super) fn new(at: usize, width: usize, items: usize) -> Self {
        Self { at, width, items }
    }

    /// The byte where it ends; nothing: beyond all bytes that there can be.
    pub(super) fn end(self) -> Option<usize> {
        self.at.checked_add(self.items.checked_mul(self.width)?.div_ceil(8))
    }

    /// The item at an index.
    pub(super) fn get(self, bytes: &[u8], index: usize) -> Option<u64> {
        self.part(bytes, index, 0, self.width)
    }

    /// So many bits of an item, from one of them on.
    pub(super) fn part(self, bytes: &[u8], index: usize, from: usize, width: usize) -> Option<u64> {
        let bit = index.checked_mul(self.width)?.checked_add(from)?;
        let here = (index < self.items).then(|| bytes.get(self.at.checked_add(bit / 8)?..)).flatten()?;
        // Eight bytes at once, except at the very end.
        let eight = here.first_chunk().map_or_else(|| array(here, 0), |eight| *eight);
        Some(u64::from_le_bytes(eight) >> (bit % 8) & ((1 << width) - 1))
    }

    /// What lies between two items, of a list of bytes.
    pub(super) fn slice(self, bytes: &[u8], range: Range<usize>) -> Option<&[u8]> {
        let end = self.at.checked_add(range.end).filter(|_| range.end <= self.items)?;
        bytes.get(self.at.checked_add(range.start)?..end)
    }

    /// Where an item of another list begins and ends, of which this one has the starts.
    pub(super) fn range(self, bytes: &[u8], index: usize) -> Option<Range<usize>> {
        Some(self.get(bytes, index)? as usize..self.get(bytes, index.checked_add(1)?)? as usize)
    }
}

/// Bits of a number that counts up to here.
pub(super) fn width_of(most: usize) -> usize {
    (usize::BITS - most.leading_zeros()).max(1) as usize
}

/// A place in bytes that moves on with what is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) fn is_at_end(self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    pub(super) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(bytes)
    }

    /// A number in groups of seven bits, the lowest first.
    pub(super) fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in (0..32).step_by(7) {
            let byte = self.byte()?;
            number |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

/// Writes a number as [`Cursor::number`] reads it.
pub(super) fn put_number(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
