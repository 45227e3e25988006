//! Claims about how the goods came here, and what each would need to be proven: made for a country's own market,
//! carried in by hand, a replica, surplus.

use super::{Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::{FieldName, WordingGroup};

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    if subject.offer.is_none() {
        return Outcome::unknown("no-basket", None);
    }
    let codes = [
        (WordingGroup::HomeMarket, "origin.home-market"),
        (WordingGroup::HandCarried, "origin.hand-carried"),
        (WordingGroup::Replica, "origin.replica-wording"),
        (WordingGroup::Surplus, "origin.surplus-wording"),
    ];
    let mut found = Vec::new();
    for (group, code) in codes {
        let Some(said) = subject.listing.saying(group).next() else { continue };
        // With an importer or papers named, the claim can be looked into: nothing is left to point out.
        let is_backed = matches!(group, WordingGroup::HomeMarket | WordingGroup::HandCarried)
            && (subject.states(FieldName::Importer)
                || subject.listing.saying(WordingGroup::OriginPapers).next().is_some());
        if !is_backed {
            let country = said.found.country.clone().unwrap_or_default();
            found.push(subject.found_said(code, said).slot("country", Slot::Country(country)));
        }
    }
    Outcome::made(found)
}
