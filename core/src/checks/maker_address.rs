//! Is the maker where the goods are said to be made? A maker elsewhere may have a factory there: a reason to ask.

use super::{HOME, Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::FieldName;

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let Some(reading) = subject.sure(FieldName::MakerAddress).filter(|_| subject.states(FieldName::MakerAddress))
    else {
        return Outcome::unknown("look-at-box", None);
    };
    let Some((claimed, claim)) = subject.listing.claimed() else {
        return Outcome::unknown("ask-seller", Some("origin"));
    };
    let mut named = subject.knowledge.spot(&reading.quote).countries();
    // First, whatever else it names: "Đông Anh, Hà Nội" is not in England.
    if subject.listing.address(FieldName::MakerAddress).is_some_and(|it| it.province.is_some()) {
        named.insert(0, HOME.to_owned());
    }
    let Some(place) = named.first().cloned() else {
        return Outcome::unknown("ask-seller", None);
    };
    if named.iter().any(|country| subject.knowledge.is_among(country, &claimed)) {
        return Outcome::made(Vec::new());
    }
    let claimed = claimed.into_iter().next().unwrap_or_default();
    Outcome::made(vec![
        (subject.found_in("origin.maker-elsewhere", FieldName::MakerAddress, reading))
            .slot("place", Slot::Country(place))
            .slot("claim", Slot::Text(claim.to_owned()))
            .slot("claimed", Slot::Country(claimed)),
    ])
}
