//! Keys: the names under which a subject is looked up, one canonical text each.

use std::fmt;
use std::str::FromStr;

use siphasher::sip::SipHasher24;

use crate::identifiers::{Gtin, Kind, State, check};
use crate::text::{fold, is_alphanumeric};

/// Longest key, bytes.
const MAX_KEY: usize = 200;
/// Fewest words of a product's name: fewer are in too many titles.
pub const MIN_NAME_WORDS: usize = 2;
/// Most words of a product's name.
pub const MAX_NAME_WORDS: usize = 12;

/// What a record is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// Whoever presents, known by a public handle.
    Host,
    /// A shop on a platform.
    Shop,
    /// A company.
    Company,
    /// A brand.
    Brand,
    /// A product.
    Product,
}

impl SubjectKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Host, Self::Shop, Self::Company, Self::Brand, Self::Product];

    /// Its name in keys and folders.
    pub fn id(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Shop => "shop",
            Self::Company => "company",
            Self::Brand => "brand",
            Self::Product => "product",
        }
    }
}

/// A name under which a subject is looked up. Its text is canonical: two keys are the same subject's when their texts are
/// the same. The kind is part of it, so that no two kinds meet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

/// Why a text is no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// None of the forms.
    #[error(
        "key.form: \"{0}\" is none of host:PLATFORM:HANDLE, shop:PLATFORM:ID, company:TAXCODE, company-name:NAME, \
         brand:NAME, product:PLATFORM:ID, gtin:NUMBER, product-name:BRAND AND NAME"
    )]
    Form(String),
    /// Empty, too long, or with characters that it cannot have.
    #[error("key.name: \"{0}\" is empty, too long, or has characters that such a name cannot have")]
    Name(String),
    /// A number whose digits are wrong.
    #[error("key.number: \"{0}\" is not a valid number of its kind")]
    Number(String),
    /// A product's name of a single word is in too many titles, one of very many words in none.
    #[error("key.words: \"{0}\" has {1} words; a product's name has {MIN_NAME_WORDS} to {MAX_NAME_WORDS}")]
    Words(String, usize),
}

impl Key {
    /// A host's key: platform and public handle, without `@`.
    ///
    /// # Errors
    /// The handle is none.
    pub fn host(platform: &str, handle: &str) -> Result<Self, KeyError> {
        Self::on_platform("host", platform, handle)
    }

    /// A shop's key: platform and the platform's id of it.
    ///
    /// # Errors
    /// The id is none.
    pub fn shop(platform: &str, id: &str) -> Result<Self, KeyError> {
        Self::on_platform("shop", platform, id)
    }

    /// A company's key: its tax code, whose form and digits must be right. A citizen's number is none.
    ///
    /// # Errors
    /// It is no company's tax code.
    pub fn company(tax_code: &str) -> Result<Self, KeyError> {
        let digits: String = tax_code.chars().filter(char::is_ascii_digit).collect();
        match (check(Kind::Mst, tax_code, 0), digits.get(..10), digits.len()) {
            (State::WellFormed, Some(code), 10 | 13) => Ok(Self(format!("company:{code}"))),
            _ => Err(KeyError::Number(tax_code.to_owned())),
        }
    }

    /// A company's key by its whole name.
    ///
    /// # Errors
    /// The name says nothing.
    pub fn company_name(name: &str) -> Result<Self, KeyError> {
        Self::named("company-name", name)
    }

    /// A brand's key.
    ///
    /// # Errors
    /// The name says nothing.
    pub fn brand(name: &str) -> Result<Self, KeyError> {
        Self::named("brand", name)
    }

    /// A product's key by the platform's id of it.
    ///
    /// # Errors
    /// The id is none.
    pub fn product(platform: &str, id: &str) -> Result<Self, KeyError> {
        Self::on_platform("product", platform, id)
    }

    /// A product's key by its barcode.
    ///
    /// # Errors
    /// The number is none.
    pub fn gtin(number: &str) -> Result<Self, KeyError> {
        let gtin = Gtin::parse(number).map_err(|_| KeyError::Number(number.to_owned()))?;
        Ok(Self(format!("gtin:{}", gtin.padded())))
    }

    /// A product's key by brand and name, as they stand side by side in a title.
    ///
    /// # Errors
    /// Too few or too many words.
    pub fn product_name(name: &str) -> Result<Self, KeyError> {
        let words = words(name);
        match words.split(' ').count() {
            MIN_NAME_WORDS..=MAX_NAME_WORDS => Self::named("product-name", name),
            count => Err(KeyError::Words(name.to_owned(), count)),
        }
    }

    fn on_platform(kind: &str, platform: &str, id: &str) -> Result<Self, KeyError> {
        // Handles are ASCII nearly everywhere; the whole Unicode tables would be a tenth of the shipped module.
        let id = id.trim().trim_start_matches('@').to_ascii_lowercase();
        let is_name = |text: &str| {
            !text.is_empty()
                && text.len() <= MAX_KEY
                && text.chars().all(|c| is_alphanumeric(c) || matches!(c, '.' | '_' | '-'))
        };
        if !is_name(platform) || !is_name(&id) {
            return Err(KeyError::Name(format!("{platform}:{id}")));
        }
        Ok(Self(format!("{kind}:{platform}:{id}")))
    }

    fn named(kind: &str, name: &str) -> Result<Self, KeyError> {
        match words(name) {
            words if words.is_empty() || words.len() > MAX_KEY => Err(KeyError::Name(name.to_owned())),
            words => Ok(Self(format!("{kind}:{words}"))),
        }
    }

    /// Its canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What kind of subject it names.
    pub fn kind(&self) -> SubjectKind {
        match self.0.split(':').next() {
            Some("host") => SubjectKind::Host,
            Some("shop") => SubjectKind::Shop,
            Some("company" | "company-name") => SubjectKind::Company,
            Some("brand") => SubjectKind::Brand,
            _ => SubjectKind::Product,
        }
    }

    /// The platform, where the name is one of a platform's.
    pub fn platform(&self) -> Option<&str> {
        let mut parts = self.0.splitn(3, ':');
        matches!(parts.next(), Some("host" | "shop" | "product")).then(|| parts.next()).flatten()
    }

    /// The words of a product's name, when it is such a key.
    pub fn product_words(&self) -> Option<&str> {
        self.0.strip_prefix(NAME)
    }

    /// Its fingerprint: what packs hold of it.
    pub(crate) fn fingerprint(&self) -> u64 {
        fingerprint("", &self.0)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let form = || KeyError::Form(text.to_owned());
        let (kind, name) = text.trim().split_once(':').ok_or_else(form)?;
        let on_platform = || name.split_once(':').ok_or_else(form);
        match kind {
            "host" => on_platform().and_then(|(platform, handle)| Self::host(platform, handle)),
            "shop" => on_platform().and_then(|(platform, id)| Self::shop(platform, id)),
            "product" => on_platform().and_then(|(platform, id)| Self::product(platform, id)),
            "company" => Self::company(name),
            "company-name" => Self::company_name(name),
            "brand" => Self::brand(name),
            "gtin" => Self::gtin(name),
            "product-name" => Self::product_name(name),
            _ => Err(form()),
        }
    }
}

/// Before the words of a product's name.
pub(crate) const NAME: &str = "product-name:";
/// Before the first two words of one: such a fingerprint leads to how many words may follow.
pub(crate) const NAME_START: &str = "product-name-start:";

/// Fingerprint of a text in two parts. SipHash-2-4 with a key of zeros: quick in WebAssembly, and the same everywhere.
pub(crate) fn fingerprint(prefix: &str, text: &str) -> u64 {
    use std::hash::Hasher;
    let mut hasher = SipHasher24::new();
    hasher.write(prefix.as_bytes());
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// The folded words of a text, with single spaces between them.
pub(crate) fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for character in fold(text).chars() {
        if is_alphanumeric(character) {
            words.push(character);
        } else if !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
    }
    if words.ends_with(' ') {
        words.pop();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> String {
        text.parse::<Key>().unwrap().to_string()
    }

    #[test]
    fn keys_are_canonical() {
        assert_eq!(key("host:tiktok:@Ngoc.Tho_99"), "host:tiktok:ngoc.tho_99");
        assert_eq!(key("company:0102527451-002"), "company:0102527451");
        assert_eq!(key("company-name:Công ty  Cổ phần SÓC-Nâu"), "company-name:cong ty co phan soc nau");
        assert_eq!(key("gtin:4006381333931"), "gtin:04006381333931");
        assert_eq!(key("product-name:Kẹo Tí Tách – vị cam"), "product-name:keo ti tach vi cam");
    }

    #[test]
    fn what_is_no_key_says_why() {
        let code = |text: &str| text.parse::<Key>().unwrap_err().to_string();
        assert!(code("person:Nguyen").starts_with("key.form"));
        assert!(code("host:tiktok").starts_with("key.form"));
        assert!(code("host:tiktok:two words").starts_with("key.name"));
        assert!(code("company:0100233480").starts_with("key.number"));
        // Twelve digits are a citizen's number.
        assert!(code("company:001203004567").starts_with("key.number"));
        assert!(code("gtin:4006381333932").starts_with("key.number"));
        assert!(code("product-name:Kẹo").starts_with("key.words"));
        assert!(code("brand: – ").starts_with("key.name"));
    }

    #[test]
    fn kinds_never_meet() {
        let name = "Sóc Nâu";
        let keys = [
            Key::brand(name).unwrap(),
            Key::company_name(name).unwrap(),
            Key::product_name(name).unwrap(),
            Key::host("tiktok", "socnau").unwrap(),
            Key::shop("tiktok", "socnau").unwrap(),
            Key::product("tiktok", "socnau").unwrap(),
        ];
        for (at, one) in keys.iter().enumerate() {
            assert_eq!(one.to_string().parse::<Key>().unwrap(), *one);
            for other in keys.iter().skip(at + 1) {
                assert_ne!(one.fingerprint(), other.fingerprint(), "{one} {other}");
            }
        }
    }
}
