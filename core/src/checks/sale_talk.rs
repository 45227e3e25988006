//! What is said to sell, by the host in the room and by the seller in the listing, and the rules it meets. What was recognised
//! from speech is noisy: it counts little, and apart.
//!
//! A claim is no fault by itself: the finding shows its words and the rule, and weighs as far as the rule is verified.

use super::{Found, Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::{ClaimGroup, FieldName, Medium};
use crate::page::talk::Remark;

/// With fewer of the host's lines heard, silence says nothing.
pub(super) const MIN_LINES: u32 = 20;
/// Disguised claims need no more than one word of the room: whoever hides a word knows why.
const DISGUISED: &str = "host.disguised";

/// A group of claims and its findings: written in the room, heard in the room, written in the listing.
struct Matter {
    group: ClaimGroup,
    written: &'static str,
    heard: &'static str,
    listed: Option<&'static str>,
}

const fn matter(group: ClaimGroup, written: &'static str, heard: &'static str, listed: Option<&'static str>) -> Matter {
    Matter { group, written, heard, listed }
}

const MATTERS: [Matter; 9] = [
    matter(ClaimGroup::CureHealth, "host.says-health", "host.heard-health", Some("seller.says-health")),
    matter(ClaimGroup::WhiteningFast, "host.says-skin", "host.heard-skin", Some("seller.says-skin")),
    matter(ClaimGroup::Superlative, "host.says-best", "host.heard-best", Some("seller.says-best")),
    matter(ClaimGroup::Authority, "host.says-authority", "host.heard-authority", Some("seller.says-authority")),
    matter(ClaimGroup::Urgency, "host.says-hurry", "host.heard-hurry", Some("seller.says-hurry")),
    matter(ClaimGroup::DiscountBait, "host.says-bait", "host.heard-bait", Some("seller.says-bait")),
    matter(ClaimGroup::Charity, "host.says-charity", "host.heard-charity", Some("seller.says-charity")),
    matter(ClaimGroup::Evasive, "host.says-evasive", "host.heard-evasive", None),
    matter(ClaimGroup::PositiveCheckable, "host.says-checkable", "host.heard-checkable", None),
];
/// Groups whose absence is what plain talk is.
const LOUD: [ClaimGroup; 7] = [
    ClaimGroup::CureHealth,
    ClaimGroup::WhiteningFast,
    ClaimGroup::Superlative,
    ClaimGroup::Urgency,
    ClaimGroup::DiscountBait,
    ClaimGroup::Charity,
    ClaimGroup::Evasive,
];
/// What a few lines of it do not tell a host by.
const ORDINARY: [&str; 10] = [
    "host.says-hurry",
    "host.heard-hurry",
    "host.says-bait",
    "host.heard-bait",
    "host.says-best",
    "host.heard-best",
    "host.says-charity",
    "host.heard-charity",
    "host.says-checkable",
    "host.heard-checkable",
];
const PLAIN: &str = "host.plain-talk";
/// Most rules that a finding names.
const MOST_RULES: usize = 3;
/// So many of the host's lines without any of it are plain talk.
const MIN_PLAIN: u32 = 40;

/// What the host says in the room.
pub(crate) fn run_host(subject: &Subject<'_>) -> Outcome {
    let room = match subject.live_room() {
        Ok(room) => room,
        Err(silence) => return silence,
    };
    let titled = subject.titled();
    let talk = &room.talk;
    let mut found = Vec::new();
    for Matter { group, written, heard, .. } in &MATTERS {
        let of = |spoken: bool| talk.remarks.iter().filter(move |it| it.group == *group && it.spoken == spoken);
        let said = titled.iter().filter(|it| it.group == *group).chain(of(false));
        found.extend(subject.found_remarks(written, said));
        found.extend(subject.found_remarks(heard, of(true)));
    }
    if let Some(remark) = talk.remarks.iter().find(|it| it.disguised && LOUD.contains(&it.group)) {
        found.push(subject.found_heard(DISGUISED, &remark.quote, remark.at));
    }
    // Hurry and discounts in a title are what nearly every room has: more is needed before the host is judged.
    let is_telling = |it: &Found| !ORDINARY.contains(&it.code);
    if talk.heard < MIN_LINES && !found.iter().any(is_telling) {
        return Outcome::unknown("keep-listening", None).with(found);
    }
    // What somebody says whom the page does not name is shown, and grades nobody.
    if room.fields.get(FieldName::HostHandle).or(room.fields.get(FieldName::HostName)).is_none() {
        return Outcome::unknown("host-unreadable", None).with(found);
    }
    let is_loud = talk.remarks.iter().chain(&titled).any(|it| LOUD.contains(&it.group));
    if talk.heard >= MIN_PLAIN && !is_loud {
        let plain = subject.found(PLAIN, None, "line", talk.first.as_deref());
        found.push(plain.slot("count", Slot::Count(talk.heard.into())));
    }
    Outcome::made(found)
}

/// What the seller says in the listing.
pub(crate) fn run_listing(subject: &Subject<'_>) -> Outcome {
    if subject.offer.is_none() {
        return Outcome::unknown("no-basket", None);
    }
    let mut found = Vec::new();
    for Matter { group, listed, .. } in &MATTERS {
        let Some(code) = listed else { continue };
        let mut said = subject.listing.claiming(*group);
        let Some(first) = said.next() else { continue };
        let mut finding = subject.found(code, Some(first.field), first.rule, Some(first.quote)).verified(false);
        subject.cite(&mut finding, (first.found.group, first.code), Medium::Listing);
        let others = said.fold(1, |count, other| {
            subject.cite(&mut finding, (other.found.group, other.code), Medium::Listing);
            count + 1
        });
        found.push(finding.slot("count", Slot::Count(others)));
    }
    match subject.listing.text(FieldName::Description) {
        None if found.is_empty() => Outcome::unknown(subject.where_to_look(), None),
        _ => Outcome::made(found),
    }
}

impl Subject<'_> {
    /// What the room's title claims.
    fn titled(&self) -> Vec<Remark> {
        let title = self.room.and_then(|room| room.fields.get(FieldName::RoomTitle));
        title.map_or_else(Vec::new, |title| Remark::all(self.knowledge, &title.quote, self.now))
    }

    /// One finding for all that was said of a group: the first words, how often, every rule that it meets.
    fn found_remarks<'r>(&self, code: &'static str, said: impl Iterator<Item = &'r Remark>) -> Option<Found> {
        let mut said = said.peekable();
        let first = *said.peek()?;
        let mut finding = self.found_remark(code, first);
        let mut times = 0u64;
        for remark in said {
            times += u64::from(remark.times);
            self.cite(&mut finding, (remark.group, &remark.code), Medium::Live);
        }
        Some(finding.slot("count", Slot::Count(times)))
    }

    fn found_remark(&self, code: &'static str, remark: &Remark) -> Found {
        let mut finding = self.found_heard(code, &remark.quote, remark.at).verified(false);
        self.cite(&mut finding, (remark.group, &remark.code), Medium::Live);
        finding
    }

    /// Adds the rules that a claim meets, as many as a shopper reads. The finding counts as soon as one that applies is verified.
    fn cite(&self, finding: &mut Found, claim: (ClaimGroup, &str), medium: Medium) {
        let day = crate::date::iso_day(self.now);
        for rule in self.knowledge.regulations(claim, medium, self.goods, &day) {
            finding.verified |= rule.provenance.verified;
            let told = &mut finding.source.regulations;
            if told.len() < MOST_RULES && !told.contains(&rule.id) {
                told.push(rule.id.clone());
            }
        }
    }
}
