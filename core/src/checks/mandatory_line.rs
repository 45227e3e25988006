//! Is it said that a health supplement is no medicine? Its advertising must say so. Where nothing is said about health in a
//! room, the line is not asked for.

use super::{Outcome, Subject};
use crate::knowledge::{ClaimGroup, FieldName};
use crate::page::OfferView;

/// Group of products whose advertising needs the line.
const SUPPLEMENT: &str = "supplement";
/// The line itself; the table of claims also has others.
const NOT_MEDICINE: &str = "not-medicine";
/// The rule, in `regulations.toml`.
const RULE: &str = "food.not-medicine";
/// With fewer of the host's lines heard, silence says nothing.
const MIN_LINES: u32 = super::sale_talk::MIN_LINES;

pub(crate) fn run_host(subject: &Subject<'_>) -> Outcome {
    let Some(room) = subject.room else {
        return Outcome::not_applicable("no-host");
    };
    let talk = &room.talk;
    // What a machine heard is not enough to miss the line.
    let claim = talk.remarks.iter().find(|it| it.group == ClaimGroup::CureHealth && !it.spoken);
    let line = talk.remarks.iter().find(|it| it.group == ClaimGroup::MandatoryLine && it.code == NOT_MEDICINE);
    match (line, claim) {
        (Some(line), _) => {
            Outcome::made(vec![subject.found_heard("host.line-stated", &line.quote, line.at).citing(RULE)])
        }
        (None, Some(claim)) if sells_supplements(subject) && talk.heard >= MIN_LINES => {
            Outcome::made(vec![subject.found_heard("host.line-missing", &claim.quote, claim.at).citing(RULE)])
        }
        _ => Outcome::not_applicable("no-health-talk"),
    }
}

pub(crate) fn run_listing(subject: &Subject<'_>) -> Outcome {
    if !sells_supplements(subject) {
        return Outcome::not_applicable("no-supplement");
    }
    let mut said = subject.listing.claiming(ClaimGroup::MandatoryLine).filter(|it| it.code == NOT_MEDICINE);
    if let Some(line) = said.next() {
        let found = subject.found("seller.line-stated", Some(line.field), line.rule, Some(line.quote)).citing(RULE);
        return Outcome::made(vec![found]);
    }
    let warned = subject.sure(FieldName::Warnings).filter(|field| {
        let claims = subject.knowledge.claims(&field.quote).into_iter();
        claims.filter_map(|claim| subject.knowledge.claim(claim.row)).any(|row| row.code == NOT_MEDICINE)
    });
    if let Some(field) = warned {
        return Outcome::made(vec![subject.found_in("seller.line-stated", FieldName::Warnings, field).citing(RULE)]);
    }
    let is_full = subject.offer.is_some_and(|offer| offer.view != OfferView::Card);
    match subject.offer.and_then(|offer| offer.fields.get(FieldName::Description)) {
        Some(read) if is_full => {
            let found =
                subject.found("seller.line-missing", Some(FieldName::Description), &read.rule, None).citing(RULE);
            Outcome::not_stated("not-medicine", found)
        }
        _ => Outcome::unknown(subject.where_to_look(), Some("not-medicine")),
    }
}

fn sells_supplements(subject: &Subject<'_>) -> bool {
    subject.goods.iter().any(|row| subject.knowledge.groups.get(*row).is_some_and(|group| group.id == SUPPLEMENT))
}
