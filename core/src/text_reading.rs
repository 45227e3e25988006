//! What the engine reads in one text: for whoever writes knowledge tables and wants to see how a sentence is understood.

use serde::Serialize;

use crate::address::AddressMatch;
use crate::identifiers::IdentifierMatch;
use crate::knowledge::{ClaimGroup, Knowledge};
use crate::order::ordered;
use crate::page::number::{self, Unit};
use crate::text::{ClaimMatch, DateRole, LabelDate, Stance};

/// What one text says. Places are bytes of the UTF-8 text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextReading {
    /// Numbers that can be checked.
    pub identifiers: Vec<IdentifierMatch>,
    /// Production and expiry dates.
    pub dates: Vec<DateReading>,
    /// Addresses.
    pub addresses: Vec<AddressReading>,
    /// Prices.
    pub prices: Vec<PriceReading>,
    /// Wording with a meaning for a check.
    pub claims: Vec<ClaimReading>,
}

/// A date of a label; an expiry that is counted from production stands where its span does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DateReading {
    /// What it is.
    pub role: DateRole,
    /// `YYYY-MM-DD`, or `YYYY-MM` when no day is written.
    pub iso: String,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// An address.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AddressReading {
    /// The province of today.
    pub province: Option<String>,
    /// Whether the commune is in it, under either scheme.
    pub commune_consistent: Option<bool>,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// A price.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PriceReading {
    /// Whole đồng, or hundredths of another currency.
    pub amount: u64,
    /// ISO 4217.
    pub currency: &'static str,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// Wording with a meaning.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClaimReading {
    /// Group of the phrase list.
    pub group: ClaimGroup,
    /// Its code within the group.
    pub code: String,
    /// The words.
    pub quote: String,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Whether a negation turns it into its opposite.
    pub negated: bool,
}

impl Knowledge {
    /// Everything that is read in a text. `year` is this year: no notification is of a later one.
    pub fn read_text(&self, text: &str, year: i32) -> TextReading {
        let spotted = self.spot(text);
        let found = spotted.label_dates();
        let computed = found.expiry().filter(|expiry| expiry.computed).map(|expiry| DateReading {
            role: DateRole::Hsd,
            iso: expiry.iso,
            start: expiry.start,
            end: expiry.end,
        });
        let stated = found.dates.into_iter();
        let stated = stated.map(|LabelDate { role, iso, start, end, .. }| DateReading { role, iso, start, end });
        let dates = ordered(stated.chain(computed), |a, b| a.start.cmp(&b.start));
        let addresses = spotted.addresses().into_iter();
        TextReading {
            identifiers: spotted.identifiers(year),
            dates,
            addresses: addresses
                .map(|AddressMatch { province, commune_consistent, start, end, .. }| AddressReading {
                    province,
                    commune_consistent,
                    start,
                    end,
                })
                .collect(),
            prices: prices(text),
            claims: self.claim_readings(text),
        }
    }

    /// What is claimed. What a sentence only asks is not.
    fn claim_readings(&self, text: &str) -> Vec<ClaimReading> {
        let said = self.claims(text).into_iter().filter(|claim| claim.stance != Stance::Asked);
        let reading = said.filter_map(|claim| {
            let ClaimMatch { start, end, group, stance, .. } = claim;
            let code = self.claim(claim.row)?.code.clone();
            let quote = text.get(start..end)?.to_owned();
            Some(ClaimReading { group, code, quote, start, end, negated: stance != Stance::Stated })
        });
        reading.collect()
    }
}

fn prices(text: &str) -> Vec<PriceReading> {
    (number::stated_prices(text).into_iter())
        .map(|number| {
            let (amount, currency) = match number.unit {
                Unit::Dollar => (number.milli / 10, "USD"),
                _ => (number.milli / 1000, "VND"),
            };
            PriceReading { amount, currency, start: number.start, end: number.end }
        })
        .collect()
}
