//! Where the matters of a record stand on a day. Only what an authority decided, and what is in force, counts; an
//! allegation or an open case is shown as undecided; a cleared matter is over.

use super::{Event, Matter, Status};

/// Where a matter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// Decided by an authority, and in force.
    Decided,
    /// Decided by an authority, no longer in force.
    Past,
    /// Penalised by a platform, and in force.
    Penalised,
    /// Confirmed by a brand or maker, and in force.
    Confirmed,
    /// Withdrawn by its seller or maker.
    Withdrawn,
    /// Said, asked, inspected, charged: not decided.
    Undecided,
    /// Cleared, dropped or corrected.
    Cleared,
}

/// A matter's standing, and the event that sets it.
pub type Standings<'e, 'a> = Vec<(Standing, &'e Event<'a>)>;

/// Where each matter of a record stands on a day (counted from 1970-01-01), by matter. Order and repetition of events
/// change nothing.
pub fn standings<'e, 'a>(events: &'e [Event<'a>], today: u32) -> Standings<'e, 'a> {
    let mut cases: Vec<u8> = Vec::new();
    for event in events {
        if !cases.contains(&event.case) {
            cases.push(event.case);
        }
    }
    let mut standings = Standings::new();
    for case in cases {
        let steps = || events.iter().filter(move |event| event.case == case);
        // What is confirmed does not end what is alleged, though both stand in one file by mistake.
        let matters = Matter::ALL.into_iter().filter(|matter| steps().any(|event| event.matter == *matter));
        for matter in matters {
            let steps = steps().filter(|event| event.matter == matter);
            if let Some(standing) = standing(steps, today) {
                crate::order::insert(&mut standings, standing, Ord::cmp);
            }
        }
    }
    standings
}

fn standing<'e, 'a: 'e>(
    steps: impl Iterator<Item = &'e Event<'a>> + Clone,
    today: u32,
) -> Option<(Standing, &'e Event<'a>)> {
    // An exit without a day ends everything: doubt is in the subject's favour.
    let when_over = |event: &&Event<'_>| event.day.unwrap_or(u32::MAX);
    let exit = (steps.clone().filter(|event| event.status.is_exit()))
        .max_by_key(|event| (when_over(event), event.status != Status::Expired, *event));
    let is_over = |event: &Event<'_>| exit.is_some_and(|exit| event.day.unwrap_or(0) <= when_over(&exit));
    let weighty = |event: &Event<'_>| {
        event.status.is_decision() || matches!(event.status, Status::PlatformPenalty | Status::Confirmed)
    };
    let in_force =
        |event: &Event<'_>| event.from.is_none_or(|from| from <= today) && event.to.is_none_or(|to| today <= to);
    // The step highest on the ladder that nothing ended; of two of them, one in force, then the latest.
    let decided = (steps.clone().filter(|event| weighty(event) && !is_over(event)))
        .max_by_key(|event| (in_force(event), event.status, event.day, *event));
    if let Some(event) = decided {
        let standing = match event.status {
            Status::PlatformPenalty if in_force(event) => Standing::Penalised,
            Status::Confirmed if in_force(event) => Standing::Confirmed,
            // What a platform or a brand no longer says is nobody's business.
            Status::PlatformPenalty | Status::Confirmed => return None,
            _ if in_force(event) => Standing::Decided,
            _ => Standing::Past,
        };
        return Some((standing, event));
    }
    if let Some(exit) = exit {
        let decisions = steps.clone().filter(|event| event.status.is_decision());
        return match exit.status {
            // What was decided is what can be told, not that it is over.
            Status::Expired => {
                decisions.max_by_key(|event| (event.status, event.day, *event)).map(|event| (Standing::Past, event))
            }
            _ => Some((Standing::Cleared, exit)),
        };
    }
    let withdrawn = |event: &Event<'_>| event.status == Status::WithdrawalVoluntary;
    let last = steps.max_by_key(|event| (event.day, event.status, *event))?;
    let standing = if withdrawn(last) { Standing::Withdrawn } else { Standing::Undecided };
    Some((standing, last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TODAY: u32 = 20_000;

    pub(crate) fn event(status: Status, day: u32) -> Event<'static> {
        Event {
            case: 0,
            matter: Matter::Safety,
            status,
            day: Some(day),
            from: None,
            to: None,
            issuer: "An office",
            document: None,
            words: None,
            reply: None,
            urls: Vec::new(),
            counts: Vec::new(),
            verified: true,
        }
    }

    fn of(events: &[Event<'_>]) -> Vec<Standing> {
        standings(events, TODAY).into_iter().map(|(standing, _)| standing).collect()
    }

    #[test]
    fn only_decisions_count() {
        let undecided = [
            Status::Allegation,
            Status::AuthorityRequest,
            Status::Inspection,
            Status::SampleResult,
            Status::CaseOpened,
            Status::Charged,
            Status::Indicted,
        ];
        for status in undecided {
            assert_eq!(of(&[event(status, 10)]), [Standing::Undecided], "{status:?}");
        }
        for status in Status::ALL.into_iter().filter(|status| status.is_decision()) {
            assert_eq!(of(&[event(status, 10)]), [Standing::Decided], "{status:?}");
        }
        assert_eq!(of(&[event(Status::WithdrawalVoluntary, 10)]), [Standing::Withdrawn]);
    }

    #[test]
    fn a_fine_stays_when_a_case_is_opened_after_it() {
        assert_eq!(of(&[event(Status::AdminFine, 10), event(Status::CaseOpened, 20)]), [Standing::Decided]);
    }

    #[test]
    fn what_is_over_is_past() {
        let over = Event { to: Some(TODAY - 1), ..event(Status::AdminFine, 10) };
        assert_eq!(of(std::slice::from_ref(&over)), [Standing::Past]);
        assert_eq!(of(&[Event { to: Some(TODAY), ..over }]), [Standing::Decided]);
        let expired = [event(Status::AdminFine, 10), event(Status::Expired, 20)];
        assert_eq!(standings(&expired, TODAY), [(Standing::Past, &expired[0])]);
        assert_eq!(of(&[event(Status::Allegation, 10), event(Status::Expired, 20)]), []);
        assert_eq!(of(&[Event { to: Some(1), ..event(Status::PlatformPenalty, 1) }]), []);
    }

    #[test]
    fn what_is_cleared_is_cleared_until_something_new_is_decided() {
        let cleared = [event(Status::FirstInstance, 10), event(Status::Cleared, 20)];
        assert_eq!(of(&cleared), [Standing::Cleared]);
        let mut again = cleared.to_vec();
        again.push(event(Status::Appeal, 30));
        assert_eq!(of(&again), [Standing::Decided]);
        // Without a day, doubt is in the subject's favour.
        again.push(Event { day: None, ..event(Status::Corrected, 0) });
        assert_eq!(of(&again), [Standing::Cleared]);
    }

    fn any_event() -> impl Strategy<Value = Event<'static>> {
        let status = prop::sample::select(Status::ALL.to_vec());
        let matter = prop::sample::select(Matter::ALL.to_vec());
        let day = prop::option::of(0u32..40);
        (status, matter, day, 0u8..3, prop::option::of(TODAY - 1..TODAY + 2))
            .prop_map(|(status, matter, day, case, to)| Event { case, matter, to, day, ..event(status, 0) })
    }

    proptest! {
        #[test]
        fn order_and_repetition_change_nothing(
            events in prop::collection::vec(any_event(), 0..12),
            turn in 0usize..12,
        ) {
            let mut other = events.clone();
            other.rotate_left(turn.min(events.len()));
            other.extend(events.iter().take(turn).cloned());
            other.reverse();
            let told = |events: &[Event<'static>]| -> Vec<_> {
                standings(events, TODAY).into_iter().map(|(standing, event)| (standing, event.clone())).collect()
            };
            prop_assert_eq!(told(&events), told(&other));
        }

        #[test]
        fn clearing_removes(events in prop::collection::vec(any_event(), 0..12)) {
            let mut cleared = events.clone();
            for case in 0..3 {
                for matter in Matter::ALL {
                    cleared.push(Event { case, matter, day: None, ..event(Status::Cleared, 0) });
                }
            }
            prop_assert!(of(&cleared).into_iter().all(|standing| standing == Standing::Cleared));
        }
    }
}
