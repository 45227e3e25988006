//! Does the shop stand where its goods are sent from? A shop in Hà Nội that sends from abroad is worth a question; another
//! province is none.

use super::{HOME, Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::{FieldName, Meaning};

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let both = subject.sure(FieldName::ShopLocation).zip(subject.sure(FieldName::ShipsFrom));
    let Some((shop, sent)) = both else {
        return Outcome::unknown(subject.where_to_look(), None);
    };
    let place = subject.knowledge.spot(&shop.quote);
    let names_province = || place.hits.iter().any(|hit| matches!(hit.meaning, Meaning::Province(_)));
    let is_home = names_province() || place.countries().iter().any(|country| country == HOME);
    let sent_from = subject.knowledge.spot(&sent.quote).countries();
    let abroad = sent_from.into_iter().next().filter(|country| is_home && country != HOME);
    Outcome::made(Vec::from_iter(abroad.map(|country| {
        (subject.found_in("seller.ships-from-abroad", FieldName::ShipsFrom, sent))
            .slot("country", Slot::Country(country))
            .slot("place", Slot::Text(shop.quote.clone()))
    })))
}
