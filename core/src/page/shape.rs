//! A snapshot taken out of JSON field by field. The readers that serde derives, one for each struct, were a thirteenth of
//! the shipped module; the data blocks are read as plain JSON anyway.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;

use super::number::whole;
use super::snapshot::{
    Card, DataBlock, LabelValue, Line, Meta, PageSnapshot, SelectedField, SkipReason, Skipped, SnapshotError, Speaker,
};
use crate::json::Json;
use crate::knowledge::LineKind;

/// The place of what is wrong as a whole.
const IT: &str = "it";
const MISSING: &str = "is missing";

type Shaped<T> = Result<T, SnapshotError>;

impl TryFrom<Json> for PageSnapshot {
    type Error = SnapshotError;

    fn try_from(value: Json) -> Shaped<Self> {
        Object::of(value)?.read(|it| Self {
            version: it.whole("version").try_into().unwrap_or(0),
            platform: it.text("platform"),
            url: it.text("url"),
            canonical: it.optional_text("canonical"),
            title: it.optional_text("title").unwrap_or_default(),
            taken_at: it.whole("taken_at"),
            wall: it.optional_text("wall"),
            blocks: it.list("blocks", |it| DataBlock { rule: it.text("rule"), data: it.take("data") }),
            meta: it.list("meta", |it| Meta { name: it.text("name"), content: it.text("content") }),
            labels: it.list("labels", |it| LabelValue { label: it.text("label"), value: it.text("value") }),
            fields: it.list("fields", |it| SelectedField { rule: it.text("rule"), value: it.text("value") }),
            cards: it.list("cards", |it| Card {
                rule: it.text("rule"),
                anchor: it.text("anchor"),
                link: it.optional_text("link"),
                picture: it.flag("picture"),
                title: it.optional_text("title"),
                shop: it.optional_text("shop"),
                official: it.optional_flag("official"),
                texts: it.texts("texts"),
            }),
            lines: it.list("lines", |it| Line {
                kind: it.named("kind").unwrap_or(LineKind::Chat),
                speaker: it.named("speaker").unwrap_or(Speaker::Viewer),
                text: it.text("text"),
                at: it.whole("at"),
            }),
            skipped: it.list("skipped", |it| Skipped {
                rule: it.text("rule"),
                reason: it.named("reason").unwrap_or(SkipReason::Malformed),
                amount: it.optional_count("amount"),
            }),
        })
    }
}

/// An object whose fields are taken out one by one. What is wrong first is kept until all are out: an early return behind
/// each field would be most of the code.
struct Object {
    fields: Vec<(String, Json)>,
    wrong: Option<SnapshotError>,
}

impl Object {
    fn of(value: Json) -> Shaped<Self> {
        match value {
            Json::Object(fields) => Ok(Self { fields, wrong: None }),
            _ => Err(wrong(IT, "is not an object")),
        }
    }

    /// What is made of the fields. Refuses a field that nothing has asked for.
    fn read<T>(mut self, read: impl FnOnce(&mut Self) -> T) -> Shaped<T> {
        let made = read(&mut self);
        let unknown = self.fields.first().map(|(name, _)| wrong(name, "is no field of a snapshot"));
        match self.wrong.or(unknown) {
            None => Ok(made),
            Some(wrong) => Err(wrong),
        }
    }

    fn take(&mut self, name: &str) -> Json {
        match self.fields.iter().position(|(known, _)| known == name) {
            Some(at) => self.fields.swap_remove(at).1,
            None => Json::Null,
        }
    }

    fn note(&mut self, wrong: SnapshotError) {
        self.wrong.get_or_insert(wrong);
    }

    fn text(&mut self, name: &str) -> String {
        self.optional_text(name).unwrap_or_else(|| {
            self.note(wrong(name, MISSING));
            String::new()
        })
    }

    fn optional_text(&mut self, name: &str) -> Option<String> {
        match self.take(name) {
            Json::Text(text) => return Some(text),
            Json::Null => {}
            _ => self.note(wrong(name, "is not a text")),
        }
        None
    }

    fn optional_flag(&mut self, name: &str) -> Option<bool> {
        match self.take(name) {
            Json::Bool(flag) => return Some(flag),
            Json::Null => {}
            _ => self.note(wrong(name, "is not true or false")),
        }
        None
    }

    fn flag(&mut self, name: &str) -> bool {
        self.optional_flag(name).unwrap_or_else(|| {
            self.note(wrong(name, MISSING));
            false
        })
    }

    fn whole(&mut self, name: &str) -> i64 {
        self.optional_number(name, "is not a whole number").unwrap_or_else(|| {
            self.note(wrong(name, MISSING));
            0
        })
    }

    fn optional_count(&mut self, name: &str) -> Option<u64> {
        self.optional_number(name, "is not a count")
    }

    fn optional_number<T: TryFrom<i64>>(&mut self, name: &str, problem: &'static str) -> Option<T> {
        let value = self.take(name);
        let number = match &value {
            Json::Number(number) => whole(number),
            _ => None,
        };
        if number.is_none() && !matches!(value, Json::Null) {
            self.note(wrong(name, problem));
        }
        number
    }

    /// One of a list of names, as the type's own serde names them.
    fn named<T: for<'n> Deserialize<'n>>(&mut self, name: &str) -> Option<T> {
        let text = self.text(name);
        let named = T::deserialize(IntoDeserializer::<Error>::into_deserializer(text.as_str())).ok();
        if named.is_none() {
            self.note(wrong(name, "is not a known name"));
        }
        named
    }

    fn items(&mut self, name: &str) -> Vec<Json> {
        match self.take(name) {
            Json::List(items) => return items,
            Json::Null => {}
            _ => self.note(wrong(name, "is not a list")),
        }
        Vec::new()
    }

    fn texts(&mut self, name: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for item in self.items(name) {
            match item {
                Json::Text(text) => texts.push(text),
                _ => self.note(wrong(name, "is not a text")),
            }
        }
        texts
    }

    fn list<T>(&mut self, name: &str, read: impl Fn(&mut Self) -> T) -> Vec<T> {
        let mut list = Vec::new();
        for (at, value) in self.items(name).into_iter().enumerate() {
            match Self::of(value).and_then(|object| object.read(&read)) {
                Ok(item) => list.push(item),
                Err(error) => self.note(within(error, name, at)),
            }
        }
        list
    }
}

fn wrong(place: &str, problem: &'static str) -> SnapshotError {
    SnapshotError::Shape { place: place.to_owned(), problem }
}

/// What is wrong in an item of a list.
fn within(error: SnapshotError, list: &str, at: usize) -> SnapshotError {
    match error {
        SnapshotError::Shape { place, problem } => {
            let place = if place == IT { format!("{list}[{at}]") } else { format!("{list}[{at}].{place}") };
            SnapshotError::Shape { place, problem }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn error(snapshot: Value) -> String {
        PageSnapshot::from_json(&snapshot.to_string()).unwrap_err().to_string()
    }

    #[test]
    fn what_is_wrong_and_where() {
        let snapshot = |field: &str, value: Value| {
            let mut snapshot =
                json!({"version": 1, "platform": "tiki", "url": "https://tiki.vn/a-p1.html", "taken_at": 0});
            snapshot[field] = value;
            snapshot
        };
        assert!(PageSnapshot::from_json(&snapshot("wall", Value::Null).to_string()).is_ok());
        for (given, place) in [
            (json!([]), "it is not an object"),
            (json!({}), "version is missing"),
            (snapshot("version", json!("1")), "version is not a whole number"),
            (snapshot("platform", json!(7)), "platform is not a text"),
            (snapshot("viewer", json!("x")), "viewer is no field"),
            (snapshot("__proto__", json!({})), "__proto__ is no field"),
            (snapshot("cards", json!({})), "cards is not a list"),
            (
                snapshot("cards", json!([{"rule": "r", "anchor": "a", "picture": 1}])),
                "cards[0].picture is not true or false",
            ),
            (
                snapshot("cards", json!([{"rule": "r", "anchor": "a", "picture": true, "texts": [1]}])),
                "cards[0].texts is not a text",
            ),
            (snapshot("labels", json!([{"label": "a", "value": "b", "x": 1}])), "labels[0].x is no field"),
            (snapshot("meta", json!([{"name": "a"}])), "meta[0].content is missing"),
            (
                snapshot("lines", json!([{"kind": "chat", "speaker": "nobody", "text": "", "at": 1}])),
                "lines[0].speaker is not a known name",
            ),
            (
                snapshot("lines", json!([{"kind": "chat", "speaker": "host", "text": "", "at": 1.5}])),
                "lines[0].at is not a whole",
            ),
            (
                snapshot("skipped", json!([{"rule": "r", "reason": "too_large", "amount": -1}])),
                "skipped[0].amount is not a count",
            ),
            (snapshot("blocks", json!([7])), "blocks[0] is not an object"),
        ] {
            let error = error(given);
            assert!(error.starts_with("snapshot.shape: ") && error.contains(place), "{error}");
        }
    }

    #[test]
    fn what_serde_writes_is_read() {
        let snapshot = json!({
            "version": 1, "platform": "tiktok", "url": "https://www.tiktok.com/@a/live", "canonical": null, "title": "t",
            "taken_at": 5, "wall": "w",
            "blocks": [{"rule": "jsonld", "data": {"a": [1, null]}}],
            "meta": [{"name": "og:title", "content": "c"}],
            "labels": [{"label": "l", "value": "v"}],
            "fields": [{"rule": "f", "value": "v"}],
            "cards": [{"rule": "r", "anchor": "a", "link": "https://a.vn", "picture": true, "title": "t", "shop": null,
                "official": false, "texts": ["x", "y"]}],
            "lines": [{"kind": "caption", "speaker": "viewer", "text": "x", "at": 9}],
            "skipped": [{"rule": "r", "reason": "badge_blocked", "amount": 3}],
        });
        let read = PageSnapshot::from_json(&snapshot.to_string()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), snapshot);
    }
}
