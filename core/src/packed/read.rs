//! Reads what postcard, or [`super::write`], wrote.
//!
//! Nothing here fails while it reads. What is wrong is noted, what is missing reads as nothing, and [`read`] refuses the
//! whole at the end.

use serde::Deserialize;
use serde::de::value::U32Deserializer;
use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, SeqAccess, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;

/// The bytes are not what this version writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are damaged, or of another version")]
pub struct Malformed;

/// Reads a value that takes up all of the bytes.
///
/// # Errors
/// They hold something else.
pub fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Malformed> {
    let mut reader = Reader { rest: bytes, is_wrong: false };
    let Ok(value) = T::deserialize(&mut reader);
    if reader.is_wrong || !reader.rest.is_empty() { Err(Malformed) } else { Ok(value) }
}

struct Reader<'a> {
    rest: &'a [u8],
    is_wrong: bool,
}

impl<'a> Reader<'a> {
    /// Notes that something is wrong: nothing more is read.
    fn give_up(&mut self) {
        self.rest = &[];
        self.is_wrong = true;
    }

    fn byte(&mut self) -> u8 {
        match self.rest {
            [byte, rest @ ..] => {
                self.rest = rest;
                *byte
            }
            [] => {
                self.give_up();
                0
            }
        }
    }

    fn flag(&mut self) -> bool {
        let byte = self.byte();
        if byte > 1 {
            self.give_up();
        }
        byte == 1
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    fn number(&mut self) -> u64 {
        let mut number = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte();
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return number;
            }
        }
        self.give_up();
        0
    }

    /// 0, -1, 1, -2 …
    fn signed(&mut self) -> i64 {
        let number = self.number();
        (number >> 1) as i64 ^ -((number & 1) as i64)
    }

    fn within<W, N: TryFrom<W> + Default>(&mut self, wide: W) -> N {
        N::try_from(wide).unwrap_or_else(|_| {
            self.give_up();
            N::default()
        })
    }

    /// How many items or bytes follow: never more than there are bytes.
    fn count(&mut self) -> usize {
        let count = self.number();
        let count = self.within(count);
        if count > self.rest.len() {
            self.give_up();
            return 0;
        }
        count
    }

    fn bytes(&mut self) -> &'a [u8] {
        let count = self.count();
        let (bytes, rest) = self.rest.split_at_checked(count).unwrap_or_default();
        self.rest = rest;
        bytes
    }

    fn text(&mut self) -> &'a str {
        str::from_utf8(self.bytes()).unwrap_or_else(|_| {
            self.give_up();
            ""
        })
    }
}

/// No value has this type, so whoever handles a failure handles nothing.
#[derive(Debug, thiserror::Error)]
enum Never {}

impl Error for Never {
    /// What serde derives asks for this where it is handed too few fields, a number that does not fit, or no variant of
    /// an enum. [`Reader`] hands it none of those.
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        unreachable!()
    }
}

impl<'a> Deserializer<'a> for &mut Reader<'a> {
    type Error = Never;

    /// Of the types that have no method below, none is ever packed.
    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_unit()
    }

    fn deserialize_bool<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_bool(self.flag())
    }

    fn deserialize_u8<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_u8(self.byte())
    }

    fn deserialize_u16<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Never> {
        let number = self.number();
        visitor.visit_u16(self.within(number))
    }

    fn deserialize_u32<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Never> {
        let number = self.number();
        visitor.visit_u32(self.within(number))
    }

    fn deserialize_u64<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_u64(self.number())
    }

    fn deserialize_i32<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Never> {
        let number = self.signed();
        visitor.visit_i32(self.within(number))
    }

    fn deserialize_i64<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_i64(self.signed())
    }

    fn deserialize_str<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_borrowed_str(self.text())
    }

    fn deserialize_string<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_borrowed_str(self.text())
    }

    fn deserialize_byte_buf<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_borrowed_bytes(self.bytes())
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Never> {
        if self.flag() { visitor.visit_some(self) } else { visitor.visit_none() }
    }

    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Never> {
        let left = self.count();
        visitor.visit_seq(Items { reader: self, left })
    }

    fn deserialize_tuple<V: Visitor<'a>>(self, _: usize, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_seq(Fields(self))
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Never> {
        visitor.visit_seq(Fields(self))
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Never> {
        let number = self.number();
        let mut variant: u32 = self.within(number);
        if variant as usize >= variants.len() {
            self.give_up();
            variant = 0;
        }
        visitor.visit_enum(Variant { reader: self, variant })
    }

    forward_to_deserialize_any! {
        <V: Visitor<'a>>
        i8 i16 i128 u128 f32 f64 char bytes unit unit_struct newtype_struct tuple_struct map identifier
        ignored_any
    }
}

/// The items of a list.
struct Items<'r, 'a> {
    reader: &'r mut Reader<'a>,
    left: usize,
}

impl<'a> SeqAccess<'a> for Items<'_, 'a> {
    type Error = Never;

    fn next_element_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<Option<S::Value>, Never> {
        if self.left == 0 || self.reader.is_wrong {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(&mut *self.reader).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left)
    }
}

/// The fields of a struct: there is always one more.
struct Fields<'r, 'a>(&'r mut Reader<'a>);

impl<'a> SeqAccess<'a> for Fields<'_, 'a> {
    type Error = Never;

    fn next_element_seed<S: DeserializeSeed<'a>>(&mut self, seed: S) -> Result<Option<S::Value>, Never> {
        seed.deserialize(&mut *self.0).map(Some)
    }
}

/// An enum's variant and what it holds.
struct Variant<'r, 'a> {
    reader: &'r mut Reader<'a>,
    variant: u32,
}

impl<'a> EnumAccess<'a> for Variant<'_, 'a> {
    type Error = Never;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'a>>(self, seed: S) -> Result<(S::Value, Self), Never> {
        let variant = seed.deserialize(U32Deserializer::new(self.variant))?;
        Ok((variant, self))
    }
}

impl<'a> VariantAccess<'a> for Variant<'_, 'a> {
    type Error = Never;

    fn unit_variant(self) -> Result<(), Never> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'a>>(self, seed: S) -> Result<S::Value, Never> {
        seed.deserialize(self.reader)
    }

    fn tuple_variant<V: Visitor<'a>>(self, _: usize, visitor: V) -> Result<V::Value, Never> {
        visitor.visit_seq(Fields(self.reader))
    }

    fn struct_variant<V: Visitor<'a>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Never> {
        visitor.visit_seq(Fields(self.reader))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Serialize;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    enum Sort {
        Plain,
        One(String),
        Two(i32, Option<u16>),
        Named { big: i64, list: Vec<(u32, u8)> },
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Sample {
        flag: bool,
        count: u64,
        sorts: Vec<Sort>,
    }

    fn sample() -> Sample {
        Sample {
            flag: true,
            count: u64::MAX,
            sorts: vec![
                Sort::Plain,
                Sort::One("Đức".to_owned()),
                Sort::Two(i32::MIN, Some(u16::MAX)),
                Sort::Two(-1, None),
                Sort::Named { big: i64::MIN, list: vec![(u32::MAX, 255), (0, 128)] },
            ],
        }
    }

    #[test]
    fn what_was_written_is_read_and_nothing_shorter_or_longer() {
        let mut bytes = postcard::to_allocvec(&sample()).unwrap();
        assert_eq!(read(&bytes), Ok(sample()));
        for end in 0..bytes.len() {
            assert_eq!(read::<Sample>(&bytes[..end]), Err(Malformed), "{end} bytes");
        }
        bytes.push(0);
        assert_eq!(read::<Sample>(&bytes), Err(Malformed));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert_eq!(read::<bool>(&[2]), Err(Malformed));
        assert_eq!(read::<u16>(&[0x80, 0x80, 0x04]), Err(Malformed));
        assert_eq!(read::<u64>(&[0xff; 11]), Err(Malformed));
        assert_eq!(read::<Sort>(&[4]), Err(Malformed));
        assert_eq!(read::<String>(&[1, 0xff]), Err(Malformed));
        assert_eq!(read::<Vec<u8>>(&[0xff, 0xff, 0xff, 0xff, 0x0f, 1]), Err(Malformed));
    }

    proptest! {
        #[test]
        fn what_we_write_postcard_writes(
            flag in any::<bool>(), count in any::<u64>(), text in any::<String>(), small in any::<i32>(), big in any::<i64>(),
            list in proptest::collection::vec(any::<(u32, u8)>(), 0..5),
        ) {
            let sorts = vec![Sort::Plain, Sort::One(text), Sort::Two(small, Some(7)), Sort::Named { big, list }];
            let value = Sample { flag, count, sorts };
            let bytes = crate::packed::write(&value);
            prop_assert_eq!(&bytes, &postcard::to_allocvec(&value).unwrap());
            prop_assert_eq!(read(&bytes), Ok(value));
        }

        #[test]
        fn no_bytes_stop_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let theirs = postcard::take_from_bytes(&bytes).ok().filter(|(_, rest)| rest.is_empty());
            if let Some((value, _)) = theirs {
                prop_assert_eq!(read::<Sample>(&bytes), Ok(value));
            } else {
                let _ = read::<Sample>(&bytes);
            }
        }
    }
}
