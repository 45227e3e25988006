//! The records in a map: Rust's `HashMap`, and the JSON from which JavaScript makes its `Map`.

use std::collections::HashMap;
use std::hint::black_box;

use serde_json::json;
use soi_core::pack::Subject;
use soi_core::record::{Event, Key, Parted};

use super::events_once;

/// Events by name. The texts of events are borrowed: each document's are there once.
pub(crate) struct EventMap<'a>(HashMap<String, Vec<Event<'a>>>);

impl<'a> EventMap<'a> {
    pub(crate) fn new(subjects: &[Subject<'a>]) -> Self {
        let names = subjects.iter().flat_map(|subject| subject.keys.iter().map(move |key| (key, &subject.events)));
        Self(names.map(|(key, events)| (key.to_string(), events.clone())).collect())
    }

    /// Looks up every name; returns the number of events found.
    pub(crate) fn find(&self, names: &[Key]) -> usize {
        names.iter().map(|key| black_box(self.0.get(black_box(key.as_str()))).map_or(0, Vec::len)).sum()
    }

    /// Bytes that it holds on the heap, the texts of events not counted.
    pub(crate) fn held(&self) -> usize {
        // The table has a power of two of slots, of which at most seven eighths are used, and a byte for each.
        let slots = (self.0.capacity() * 8 / 7).next_power_of_two();
        let entries = self.0.iter().map(|(key, events)| {
            let urls: usize = events.iter().map(|event| size_of_val(event.urls.as_slice())).sum();
            key.capacity() + size_of_val(events.as_slice()) + urls
        });
        slots * (size_of::<(String, Vec<Event<'_>>)>() + 1) + entries.sum::<usize>()
    }
}

/// `{events: [[case, matter, status, day, issuer, document, urls]…], names: [[key, [place of an event…]]…]}`: each event
/// once, as anybody would write it who minds the size.
pub(crate) fn json(subjects: &[Subject<'_>]) -> String {
    let (events, whose) = events_once(subjects);
    let event = |event: &Event<'_>| {
        let (matter, status) = (event.matter.id(), event.status.id());
        let document = event.document.map(Parted::joined);
        let urls: Vec<String> = event.urls.iter().map(|url| url.joined()).collect();
        json!([event.case, matter, status, event.day, event.issuer, document, urls])
    };
    let names = subjects.iter().zip(&whose).flat_map(|(subject, own)| subject.keys.iter().map(move |key| (key, own)));
    json!({
        "events": events.into_iter().map(event).collect::<Vec<_>>(),
        "names": names.map(|(key, own)| json!([key.as_str(), own])).collect::<Vec<_>>(),
    })
    .to_string()
}
