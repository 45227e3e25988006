//! Writes what [`super::read`] reads.

use std::fmt::Display;

use serde::Serialize;
use serde::ser::{
    Error, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant, Serializer,
};

/// A value as bytes.
pub fn write(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let Ok(()) = value.serialize(Writer(&mut bytes));
    bytes
}

/// No value has this type, so whoever handles a failure handles nothing.
#[derive(Debug, thiserror::Error)]
enum Never {}

impl Error for Never {
    /// What serde derives for our types never fails by itself.
    fn custom<T: Display>(_: T) -> Self {
        unreachable!()
    }
}

struct Writer<'b>(&'b mut Vec<u8>);

impl Writer<'_> {
    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    fn number(self, mut number: u64) -> Result<(), Never> {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
        Ok(())
    }

    /// Zigzag: near zero, whatever the sign, is short.
    fn signed(self, number: i64) -> Result<(), Never> {
        self.number((number << 1 ^ number >> 63) as u64)
    }

    fn variant(self, variant: u32) -> Result<Self, Never> {
        let Self(bytes) = self;
        Writer(bytes).number(variant.into())?;
        Ok(Self(bytes))
    }

    fn counted(self, count: Option<usize>) -> Result<Self, Never> {
        // Every list of ours knows its length.
        let Self(bytes) = self;
        Writer(bytes).number(count.unwrap_or(0) as u64)?;
        Ok(Self(bytes))
    }

    fn next(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), Never> {
        value.serialize(Writer(self.0))
    }
}

impl Serializer for Writer<'_> {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    fn serialize_bool(self, flag: bool) -> Result<(), Never> {
        self.serialize_u8(flag.into())
    }

    fn serialize_i8(self, number: i8) -> Result<(), Never> {
        self.serialize_u8(number as u8)
    }

    fn serialize_i16(self, number: i16) -> Result<(), Never> {
        self.signed(number.into())
    }

    fn serialize_i32(self, number: i32) -> Result<(), Never> {
        self.signed(number.into())
    }

    fn serialize_i64(self, number: i64) -> Result<(), Never> {
        self.signed(number)
    }

    fn serialize_u8(self, number: u8) -> Result<(), Never> {
        self.0.push(number);
        Ok(())
    }

    fn serialize_u16(self, number: u16) -> Result<(), Never> {
        self.number(number.into())
    }

    fn serialize_u32(self, number: u32) -> Result<(), Never> {
        self.number(number.into())
    }

    fn serialize_u64(self, number: u64) -> Result<(), Never> {
        self.number(number)
    }

    fn serialize_f32(self, number: f32) -> Result<(), Never> {
        self.serialize_bytes(&number.to_le_bytes())
    }

    fn serialize_f64(self, number: f64) -> Result<(), Never> {
        self.serialize_bytes(&number.to_le_bytes())
    }

    fn serialize_char(self, character: char) -> Result<(), Never> {
        self.serialize_str(character.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), Never> {
        let Self(bytes) = self.counted(Some(text.len()))?;
        bytes.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Never> {
        self.0.extend_from_slice(value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Never> {
        self.serialize_u8(0)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Never> {
        self.0.push(1);
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Never> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Never> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, variant: u32, _: &'static str) -> Result<(), Never> {
        self.number(variant.into())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        variant: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(self.variant(variant)?)
    }

    fn serialize_seq(self, count: Option<usize>) -> Result<Self, Never> {
        self.counted(count)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Never> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        Ok(self)
    }

    fn serialize_tuple_variant(self, _: &'static str, variant: u32, _: &'static str, _: usize) -> Result<Self, Never> {
        self.variant(variant)
    }

    fn serialize_map(self, count: Option<usize>) -> Result<Self, Never> {
        self.counted(count)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Never> {
        Ok(self)
    }

    fn serialize_struct_variant(self, _: &'static str, variant: u32, _: &'static str, _: usize) -> Result<Self, Never> {
        self.variant(variant)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

/// What holds several values: one after the other.
macro_rules! one_after_the_other {
    ($($part:ident $method:ident,)*) => {$(
        impl $part for Writer<'_> {
            type Ok = ();
            type Error = Never;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
                self.next(value)
            }

            fn end(self) -> Result<(), Never> {
                Ok(())
            }
        }
    )*};
}

one_after_the_other! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

macro_rules! one_named_after_the_other {
    ($($part:ident,)*) => {$(
        impl $part for Writer<'_> {
            type Ok = ();
            type Error = Never;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Result<(), Never> {
                self.next(value)
            }

            fn end(self) -> Result<(), Never> {
                Ok(())
            }
        }
    )*};
}

one_named_after_the_other! { SerializeStruct, SerializeStructVariant, }

impl SerializeMap for Writer<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Never> {
        self.next(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.next(value)
    }

    fn end(self) -> Result<(), Never> {
        Ok(())
    }
}
