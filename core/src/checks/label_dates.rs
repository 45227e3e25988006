//! Production and expiry as the listing writes them: are the goods in date, and do the dates agree?

use super::{Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::FieldName;
use crate::text::{Freshness, LabelDates, Spotted};

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let Some(offer) = subject.offer else {
        return Outcome::unknown("no-basket", None);
    };
    let written = |field: FieldName, label: &str| {
        subject.sure(field).map(|reading| format!("{label}: {}\n", reading.quote)).unwrap_or_default()
    };
    // A field's label says what its date is: put back before the value, it reads as on the box.
    let fields = written(FieldName::ProductionDate, "NSX") + &written(FieldName::Expiry, "HSD");
    let in_fields = subject.knowledge.spot(&fields).label_dates();
    let (field, text, dates) = if in_fields.expiry().is_some() {
        // "NSX 01/03/2026, HSD 6 tháng" may all stand in the one field.
        let field = subject.sure(FieldName::Expiry).map_or(FieldName::ProductionDate, |_| FieldName::Expiry);
        (field, fields.as_str(), in_fields)
    } else {
        let description = offer.fields.text(FieldName::Description).unwrap_or_default();
        let spotted = subject.listing.text(FieldName::Description);
        (FieldName::Description, description, spotted.map(Spotted::label_dates).unwrap_or_default())
    };
    let Some(expiry) = dates.expiry().filter(|expiry| expiry.certain) else {
        return Outcome::unknown("look-at-box", None);
    };
    let today = crate::date::iso_day(subject.now);
    let code = match dates.freshness(&today) {
        Some(Freshness::Expired) => "origin.expired",
        Some(Freshness::NearlyExpired) => "origin.expires-soon",
        Some(Freshness::Contradicted) => "origin.dates-contradict",
        Some(Freshness::InDate) | None => "origin.in-date",
    };
    let rule = offer.fields.get(field).map_or("", |reading| reading.rule.as_str());
    // Of two fields no words stand side by side: the expiry's are quoted, the other date is told.
    let quote = match field {
        FieldName::Expiry | FieldName::ProductionDate => {
            subject.sure(field).map_or("", |reading| reading.quote.as_str())
        }
        _ => quote(text, &dates, expiry.start, expiry.end),
    };
    let key = if expiry.computed { "computed" } else { "stated" };
    let mut found = (subject.found(code, Some(field), rule, Some(quote)))
        .slot("expiry", Slot::Date(expiry.iso))
        .slot("how", Slot::Term(key.to_owned()));
    if let Some(produced) = dates.production() {
        found = found.slot("production", Slot::Date(produced.iso.clone()));
    }
    Outcome::made(vec![found])
}

/// The words from the first date to the last: both stand in it where two are compared.
fn quote<'t>(text: &'t str, dates: &LabelDates, start: usize, end: usize) -> &'t str {
    let first = dates.dates.iter().map(|date| date.start).chain([start]).min().unwrap_or(start);
    let last = dates.dates.iter().map(|date| date.end).chain([end]).max().unwrap_or(end);
    let line = text.get(..first).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    text.get(line..last).unwrap_or_default().trim()
}
