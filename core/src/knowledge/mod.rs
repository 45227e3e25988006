//! The knowledge tables: data with sources and dates, packed by `build.rs`, opened once.

mod tables;

pub use tables::*;

use yada::DoubleArray;

use crate::packed;
use crate::text::fold;
use crate::text::pieces::{Pieces, UNKNOWN};

/// The tables of this build, packed.
#[cfg(feature = "built-in")]
pub const BUILT_IN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/knowledge.bin"));

/// Layout of the tables: another one when their shapes change.
pub const KNOWLEDGE_LAYOUT: u32 = include!(concat!(env!("OUT_DIR"), "/layout.rs"));

/// Values that only fill a field are short, in bytes.
const MAX_JUNK: usize = 64;

/// Why knowledge could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("knowledge.malformed: {0}")]
pub struct KnowledgeError(String);

impl Knowledge {
    /// Opens packed tables.
    ///
    /// # Errors
    /// The bytes are not tables of this version.
    pub fn open(bytes: &[u8]) -> Result<Self, KnowledgeError> {
        let opened: Self = packed::read(bytes).map_err(|error| KnowledgeError(error.to_string()))?;
        for trie in [&opened.phrases.trie, &opened.claims.runs, &opened.claims.trie] {
            DoubleArray::new(trie.as_slice()).map_err(|error| KnowledgeError(error.to_string()))?;
        }
        Ok(opened)
    }

    /// Whether a value only fills its field ("Đang cập nhật", "Không có").
    pub fn is_junk(&self, value: &str) -> bool {
        if value.len() > MAX_JUNK {
            return false;
        }
        let folded = fold(value);
        let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
        bare.is_empty() || self.junk.iter().any(|junk| junk == bare)
    }

    /// Whether a country is one of several, or in the part of the world that one of them names, or the other way round:
    /// what is German is European.
    pub(crate) fn is_among(&self, country: &str, countries: &[String]) -> bool {
        let within = |inner: &str, outer: &str| {
            self.countries.iter().any(|row| row.code == inner && row.within.as_deref() == Some(outer))
        };
        countries.iter().any(|other| country == other || within(country, other) || within(other, country))
    }

    /// The rules that a claim meets on a day (`YYYY-MM-DD`). `goods` are the products' groups, as
    /// far as they are known: a rule about none of them does not apply.
    pub(crate) fn regulations<'k>(
        &'k self,
        claim: (ClaimGroup, &'k str),
        medium: Medium,
        goods: &'k [usize],
        day: &'k str,
    ) -> impl Iterator<Item = &'k Regulation> {
        let is_of = move |known: &str| match known.split_once('.') {
            Some((group, code)) => group == claim.0.id() && code == claim.1,
            None => known == claim.0.id(),
        };
        let sold =
            move |known: &String| goods.iter().any(|row| self.groups.get(*row).is_some_and(|group| &group.id == known));
        let applies = move |rule: &&Regulation| {
            rule.provenance.in_force(day)
                && (rule.media.is_empty() || rule.media.contains(&medium))
                && (rule.goods.is_empty() || goods.is_empty() || rule.goods.iter().any(sold))
                && rule.claims.iter().any(|known| is_of(known))
        };
        self.regulations.iter().filter(applies)
    }

    /// A rule by its id.
    pub fn regulation(&self, id: &str) -> Option<&Regulation> {
        self.regulations.iter().find(|rule| rule.id == id)
    }

    /// A platform by its id.
    pub fn platform(&self, id: &str) -> Option<&Platform> {
        self.platforms.iter().find(|platform| platform.id == id)
    }

    /// A country by its code.
    pub fn country(&self, code: &str) -> Option<&Country> {
        self.countries.iter().find(|country| country.code == code)
    }
}

impl Platform {
    /// Whether a host, without its port, is one of this platform's.
    pub fn has_host(&self, host: &str) -> bool {
        self.hosts.iter().any(|known| match known.strip_prefix("*.") {
            Some(domain) => host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.')),
            None => host == known,
        })
    }
}

impl Provenance {
    /// Whether the row is in force on a day, given as `YYYY-MM-DD`.
    pub fn in_force(&self, day: &str) -> bool {
        self.effective_from.as_deref().is_none_or(|from| from <= day)
            && self.effective_to.as_deref().is_none_or(|to| day <= to)
    }
}

impl Rubric {
    /// The row of a finding.
    pub fn finding(&self, code: &str) -> Option<&FindingRow> {
        self.findings.iter().find(|row| row.code == code)
    }

    /// The row of a question.
    pub fn question(&self, question: Question) -> Option<&QuestionRow> {
        self.questions.iter().find(|row| row.question == question)
    }
}

impl Question {
    /// The three, in the order they are always shown.
    pub const ALL: [Self; 3] = [Self::Origin, Self::Seller, Self::Host];

    /// Its name in codes and attributes.
    pub fn id(self) -> &'static str {
        match self {
            Self::Origin => "origin",
            Self::Seller => "seller",
            Self::Host => "host",
        }
    }
}

/// How a field's value is to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Words.
    Text,
    /// A count.
    Count,
    /// Money.
    Money,
    /// Stars, 0–5.
    Stars,
    /// A percentage.
    Percent,
    /// A moment, also "5 năm trước".
    Time,
    /// Yes or no.
    Flag,
}

impl Claims {
    /// The piece of a folded run of letters or digits.
    pub(crate) fn piece_of(&self, run: &[u8]) -> u16 {
        // `Knowledge::open` has seen that it is a double array.
        DoubleArray(self.runs.as_slice()).exact_match_search(run).map_or(UNKNOWN, |piece| piece as u16)
    }

    /// Whether runs of folded letters are a word.
    pub(crate) fn knows(&self, letters: &[u8]) -> bool {
        let mut pieces = Pieces::default();
        for run in letters.split(|letter| *letter == b' ') {
            pieces.add_space();
            pieces.add(self.piece_of(run), true);
        }
        DoubleArray(self.trie.as_slice()).exact_match_search(pieces.bytes).is_some()
    }

    /// The symbols of a meaning.
    pub(crate) fn symbols_of(&self, meaning: &ClaimMeaning) -> &[[u16; 4]] {
        let first = meaning.symbols as usize;
        self.symbols.get(first..first + usize::from(meaning.fours)).unwrap_or_default()
    }

    /// The patterns of which a symbol of a meaning is the rarest.
    pub(crate) fn entries_of(&self, meaning: &ClaimMeaning) -> &[ClaimEntry] {
        let first = meaning.entries as usize;
        self.entries.get(first..first + usize::from(meaning.entry_count)).unwrap_or_default()
    }

    /// A pattern by its place.
    pub(crate) fn pattern(&self, place: u32) -> Option<ClaimPattern<'_>> {
        let ([row, before, behind], steps) = self.patterns.get(place as usize..)?.split_first_chunk()?;
        let steps = steps.get(..usize::from(*before) + usize::from(*behind))?;
        Some(ClaimPattern { row: *row, steps, before: usize::from(*before) })
    }
}

impl<'a> ClaimPattern<'a> {
    /// The steps before the rarest symbol, the nearest first, and those behind it.
    pub(crate) fn around(&self) -> (&'a [u16], &'a [u16]) {
        self.steps.split_at_checked(self.before).unwrap_or_default()
    }
}

impl ClaimMeaning {
    /// Whether a symbol may be among its own.
    pub(crate) fn may_be(&self, symbol: u16) -> bool {
        self.mask & Self::bit(symbol) != 0
    }

    /// Whether a cue is among its symbols.
    pub(crate) fn has(&self, cue: ClaimCue) -> bool {
        self.cues >> cue as u16 & 1 == 1
    }
}

impl ClaimGroup {
    /// Its name in tables.
    pub fn id(self) -> &'static str {
        match self {
            Self::OriginClaim => "origin_claim",
            Self::VagueOrigin => "vague_origin",
            Self::Urgency => "urgency",
            Self::DiscountBait => "discount_bait",
            Self::CureHealth => "cure_health",
            Self::WhiteningFast => "whitening_fast",
            Self::Superlative => "superlative",
            Self::Authority => "authority",
            Self::Charity => "charity",
            Self::Evasive => "evasive",
            Self::PositiveCheckable => "positive_checkable",
            Self::AdDisclosure => "ad_disclosure",
            Self::MandatoryLine => "mandatory_line",
        }
    }
}

impl WordingGroup {
    /// Whether it says no to what another group promises.
    pub fn is_refusal(self) -> bool {
        matches!(self, Self::NoInvoice | Self::NoReturns | Self::NoInspection)
    }
}

impl FieldName {
    /// How its value is to be understood.
    pub fn kind(self) -> FieldKind {
        match self {
            Self::Price | Self::ListPrice => FieldKind::Money,
            Self::Sold
            | Self::RatingCount
            | Self::LowRatings
            | Self::ShopRatingCount
            | Self::ShopLowRatings
            | Self::ShopFollowers
            | Self::HostFollowers => FieldKind::Count,
            Self::Rating | Self::ShopRating => FieldKind::Stars,
            Self::ShopResponseRate | Self::ShopOnTime => FieldKind::Percent,
            Self::ShopOpened | Self::RoomStarted | Self::HostSince | Self::HandleChanged | Self::NameChanged => {
                FieldKind::Time
            }
            Self::ShopOfficial | Self::ShopVerified | Self::HostVerified | Self::AdLabel | Self::LiveSign => {
                FieldKind::Flag
            }
            _ => FieldKind::Text,
        }
    }

    /// Whether it tells about the room and its host, not about a product.
    pub fn is_of_room(self) -> bool {
        matches!(
            self,
            Self::HostHandle
                | Self::HostName
                | Self::HostVerified
                | Self::HostFollowers
                | Self::HostSince
                | Self::HandleChanged
                | Self::NameChanged
                | Self::RoomTitle
                | Self::RoomStarted
                | Self::AdLabel
                | Self::LiveSign
        )
    }

    /// Whether it tells who the seller is in law.
    pub fn names_seller(self) -> bool {
        matches!(self, Self::SellerName | Self::SellerAddress | Self::SellerPhone | Self::TaxCode)
    }

    /// Whether it holds a name by which the host's lines are told from viewers'.
    pub fn names_host(self) -> bool {
        matches!(self, Self::HostHandle | Self::HostName)
    }
}
