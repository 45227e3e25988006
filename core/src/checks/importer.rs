//! Goods from abroad have an importer who answers for them here (Decree 37/2026/NĐ-CP; Law 78/2025/QH15: producer or
//! importer responsible). Is one named?

use super::{HOME, Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::FieldName;
use crate::page::Reading;

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let Some(stated) = &subject.listing.stated else {
        return Outcome::unknown(subject.where_to_look(), None);
    };
    if stated.countries.iter().any(|country| country == HOME) {
        return Outcome::not_applicable("made-here");
    }
    // "Việt Nam" fills the field and names nobody.
    let names =
        |reading: &&Reading| subject.states(FieldName::Importer) && !subject.knowledge.is_country(&reading.quote);
    if let Some(reading) = subject.sure(FieldName::Importer).filter(names) {
        return Outcome::made(vec![subject.found_in("origin.importer-named", FieldName::Importer, reading)]);
    }
    // Platforms ask for one responsible organisation: whoever it is answers for the import too.
    if subject.states(FieldName::ResponsibleName) {
        return Outcome::made(Vec::new());
    }
    if !subject.shows_properties() {
        return Outcome::unknown(subject.where_to_look(), Some("importer"));
    }
    let country = stated.countries.first().cloned().unwrap_or_default();
    let found = subject.found("origin.importer-missing", Some(stated.field), stated.rule, Some(stated.quote));
    Outcome::not_stated("importer", found.slot("country", Slot::Country(country)))
}
