//! What speaks for the seller because it can be looked into: an authorised reseller who says for whom, origin or
//! customs papers. An invoice says who sold it, not where it comes from: see `promises.rs`.

use super::{Outcome, Subject};
use crate::knowledge::{FieldName, WordingGroup};

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let Some(offer) = subject.offer else {
        return Outcome::unknown("no-basket", None);
    };
    let said = |group| subject.listing.saying(group).next();
    // "Phân phối độc quyền" alone is a word; with a company or a brand named there is somebody to ask.
    let checkable = subject.states(FieldName::ResponsibleName)
        || subject.states(FieldName::Importer)
        || (offer.fields.get(FieldName::Brand)).is_some_and(|brand| !subject.knowledge.is_junk(&brand.quote));
    let authorised = said(WordingGroup::Authorised).filter(|_| checkable);
    let found = [(authorised, "origin.authorised-reseller"), (said(WordingGroup::OriginPapers), "origin.papers-named")];
    let found = found.into_iter().filter_map(|(said, code)| Some(subject.found_said(code, said?)));
    Outcome::made(found.collect())
}
