//! JSON as pages hold it: values in their order, numbers as they are written.
//!
//! It accepts what serde_json accepts, and refuses the rest with its place. serde_json's own reader makes numbers of
//! numbers, hashed maps of objects and sentences of errors, which nobody here asks for.

use serde::ser::{Error, Serialize, Serializer};

/// Deepest nesting of lists and objects.
const MAX_DEPTH: usize = 127;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Json {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is written: an id of 19 digits stays an id.
    Number(String),
    /// A text.
    Text(String),
    /// Values in a row.
    List(Vec<Json>),
    /// Values by their keys, in the page's order. No key stands twice.
    Object(Vec<(String, Json)>),
}

/// Why a text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct JsonError {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in bytes.
    pub column: usize,
    /// What is wrong there.
    pub problem: &'static str,
}

impl Json {
    /// Reads a text that holds one value and nothing else.
    ///
    /// # Errors
    /// It holds something else.
    pub fn parse(text: &str) -> Result<Self, JsonError> {
        let mut reader = Reader { text, at: 0, depth: 0 };
        reader.only_value().map_err(|problem| {
            let before = text.as_bytes().get(..reader.at).unwrap_or_default();
            let mut lines = before.split(|byte| *byte == b'\n');
            let last = lines.next_back().unwrap_or_default();
            JsonError { line: lines.count() + 1, column: last.len() + 1, problem }
        })
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// Keys and values of an object; of nothing else.
    pub fn entries(&self) -> &[(String, Self)] {
        match self {
            Self::Object(entries) => entries,
            _ => &[],
        }
    }

    /// Items of a list; of nothing else.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// A text, a number or a flag as text.
    pub fn plain(&self) -> Option<&str> {
        match self {
            Self::Text(words) | Self::Number(words) => Some(words),
            Self::Bool(true) => Some("true"),
            Self::Bool(false) => Some("false"),
            _ => None,
        }
    }
}

/// Numbers go through the types that serde has, so of a fraction only what an `f64` holds is written.
impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => match (number.parse(), number.parse()) {
                (Ok(count), _) => serializer.serialize_u64(count),
                (_, Ok(whole)) => serializer.serialize_i64(whole),
                _ => serializer.serialize_f64(number.parse().map_err(S::Error::custom)?),
            },
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Json {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AnyValue".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        true.into()
    }
}

type Read<T> = Result<T, &'static str>;

const NO_VALUE: &str = "expected a value";
const NO_NUMBER: &str = "no number is written so";
const NO_ESCAPE: &str = "no character is written so";

struct Reader<'a> {
    text: &'a str,
    /// What is wrong is wrong here.
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn only_value(&mut self) -> Read<Json> {
        let value = self.value()?;
        self.space();
        if self.at == self.text.len() { Ok(value) } else { Err("expected the end") }
    }

    fn next(&self) -> u8 {
        // No NUL is part of JSON, so it stands for the end.
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.next() == byte;
        self.at += usize::from(is_next);
        is_next
    }

    fn space(&mut self) {
        while matches!(self.next(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }

    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn value(&mut self) -> Read<Json> {
        self.space();
        match self.next() {
            b'"' => self.string().map(Json::Text),
            b'[' => {
                let mut items = Vec::new();
                self.each(b']', &mut |reader| {
                    items.push(reader.value()?);
                    Ok(())
                })?;
                Ok(Json::List(items))
            }
            b'{' => self.object(),
            b'-' | b'0'..=b'9' => self.number(),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Read<Json> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        for (word, value) in [("null", Json::Null), ("true", Json::Bool(true)), ("false", Json::Bool(false))] {
            if rest.starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(NO_VALUE)
    }

    /// Goes through what stands between brackets.
    fn each(&mut self, end: u8, item: &mut dyn FnMut(&mut Self) -> Read<()>) -> Read<()> {
        if self.depth == MAX_DEPTH {
            return Err("recursion limit exceeded");
        }
        self.depth += 1;
        self.at += 1;
        self.space();
        if !self.takes(end) {
            loop {
                item(self)?;
                self.space();
                if self.takes(end) {
                    break;
                }
                if !self.takes(b',') {
                    return Err("expected a comma or the closing bracket");
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    /// Of two values under one key the last counts, in the place of the first.
    fn object(&mut self) -> Read<Json> {
        let mut entries: Vec<(String, Json)> = Vec::new();
        // Where the entries are, by their keys: a hostile object has as many as a snapshot has room for.
        let mut sorted: Vec<usize> = Vec::new();
        self.each(b'}', &mut |reader| {
            reader.space();
            let key = reader.string()?;
            reader.space();
            if !reader.takes(b':') {
                return Err("expected a colon");
            }
            let value = reader.value()?;
            let known = |at: &usize| entries.get(*at).map(|(known, _)| known.as_str()).cmp(&Some(&key));
            match sorted.binary_search_by(known) {
                Ok(place) => {
                    if let Some((_, old)) = sorted.get(place).and_then(|at| entries.get_mut(*at)) {
                        *old = value;
                    }
                }
                Err(place) => {
                    sorted.insert(place, entries.len());
                    entries.push((key, value));
                }
            }
            Ok(())
        })?;
        Ok(Json::Object(entries))
    }

    fn digits(&mut self) -> Read<()> {
        let start = self.at;
        while self.next().is_ascii_digit() {
            self.at += 1;
        }
        if self.at == start { Err(NO_NUMBER) } else { Ok(()) }
    }

    fn number(&mut self) -> Read<Json> {
        let start = self.at;
        self.takes(b'-');
        if !self.takes(b'0') {
            self.digits()?;
        } else if self.next().is_ascii_digit() {
            return Err(NO_NUMBER);
        }
        if self.takes(b'.') {
            self.digits()?;
        }
        if self.takes(b'e') || self.takes(b'E') {
            let _ = self.takes(b'+') || self.takes(b'-');
            self.digits()?;
        }
        Ok(Json::Number(self.since(start).to_owned()))
    }

    fn string(&mut self) -> Read<String> {
        if !self.takes(b'"') {
            return Err("expected a text");
        }
        let mut text = String::new();
        loop {
            let start = self.at;
            while !matches!(self.next(), b'"' | b'\\' | 0..0x20) {
                self.at += 1;
            }
            text.push_str(self.since(start));
            if self.takes(b'"') {
                return Ok(text);
            }
            if !self.takes(b'\\') {
                return Err("expected the text to end");
            }
            text.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Read<char> {
        let kind = self.next();
        let character = match kind {
            b'"' | b'\\' | b'/' => kind,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => return self.unicode(),
            _ => return Err(NO_ESCAPE),
        };
        self.at += 1;
        Ok(char::from(character))
    }

    /// A character by its number, or by the two halves of UTF-16.
    fn unicode(&mut self) -> Read<char> {
        let mut code = self.hex()?;
        if (0xd800..0xdc00).contains(&code) && self.takes(b'\\') {
            let low = self.hex()?;
            // A first half without its second stays what it is: no character.
            if (0xdc00..0xe000).contains(&low) {
                code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            }
        }
        char::from_u32(code).ok_or(NO_ESCAPE)
    }

    fn hex(&mut self) -> Read<u32> {
        if !self.takes(b'u') {
            return Err(NO_ESCAPE);
        }
        let mut code = 0;
        for _ in 0..4 {
            let digit = char::from(self.next()).to_digit(16).ok_or(NO_ESCAPE)?;
            code = code << 4 | digit;
            self.at += 1;
        }
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    /// Our value as serde_json's, which writes every exponent its own way.
    fn theirs(json: Json) -> Value {
        match json {
            Json::Null => Value::Null,
            Json::Bool(flag) => Value::Bool(flag),
            Json::Number(number) => Value::Number(number.parse().unwrap()),
            Json::Text(text) => Value::String(text),
            Json::List(items) => items.into_iter().map(theirs).collect(),
            Json::Object(entries) => entries.into_iter().map(|(key, value)| (key, theirs(value))).collect(),
        }
    }

    fn assert_same(text: &str) {
        match (Json::parse(text), serde_json::from_str::<Value>(text)) {
            // As text: the order of keys counts.
            (Ok(json), Ok(value)) => assert_eq!(theirs(json).to_string(), value.to_string(), "{text}"),
            (Err(_), Err(_)) => {}
            (json, value) => panic!("{text}: {json:?}, but {value:?}"),
        }
    }

    #[test]
    fn edges() {
        let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert!(Json::parse(&nested(127)).is_ok());
        for text in [nested(127), nested(128), nested(100_000), "{\"a\":".repeat(100_000)] {
            assert_same(&text);
        }
        for text in [
            "",
            " ",
            "nul",
            "nulll",
            "true false",
            "\u{feff}1",
            "01",
            "-",
            "-01",
            "1.",
            ".5",
            "1e",
            "1e+",
            "+1",
            "-0",
            "0e0",
            "1E-7",
            "12345678901234567890123",
            "1e999",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"\\ude00\"",
            "\"\\ud83d\\u0041\"",
            "\"\\ud83d\\n\"",
            "\"\\u00e\"",
            "\"\\x\"",
            "\"\\",
            "\"\u{0}\"",
            "\"\u{7f}\"",
            "\"a\nb\"",
            "[1,]",
            "[,1]",
            "{\"a\":1,}",
            "{\"a\"}",
            "{a:1}",
            "{\"a\":1,\"b\":2,\"a\":3}",
            "\u{0}",
            "1\u{0}",
        ] {
            assert_same(text);
        }
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        let place = |text| Json::parse(text).map_err(|wrong| (wrong.line, wrong.column));
        assert_eq!(place("{\n  \"a\": 1,\n  oops"), Err((3, 3)));
        assert_eq!(place(""), Err((1, 1)));
        assert_eq!(place("[1"), Err((1, 3)));
        assert_eq!(place("[1]\n\n]"), Err((3, 1)));
    }

    #[test]
    fn an_object_as_long_as_a_snapshot_takes_no_time() {
        let entries: Vec<String> = (0..30_000).rev().map(|key| format!("\"{key:05}\":0")).collect();
        assert_eq!(Json::parse(&format!("{{{}}}", entries.join(","))).unwrap().entries().len(), 30_000);
    }

    #[test]
    fn what_is_written_is_what_was_read() {
        let text = r#"{"b":[null,true,18446744073709551615,-7,0.5],"a":{"c":"\u0001đ\""}}"#;
        assert_eq!(serde_json::to_string(&Json::parse(text).unwrap()).unwrap(), text);
    }

    /// Texts that are JSON, and others that nearly are.
    fn nearly_json() -> impl Strategy<Value = String> {
        let scalar = prop_oneof![
            prop::sample::select(vec![
                "null",
                "true",
                "false",
                "0",
                "-1",
                "1.50",
                "2e+7",
                "\"\\n\"",
                "\"\\u0111\"",
                "\"\""
            ])
            .prop_map(str::to_owned),
            "-?[0-9]{0,20}(\\.[0-9]{0,3})?([eE][+-]?[0-9]{0,3})?",
            "[a-zđ\\\\\"\n]{0,6}",
            "\"[a-zđ]{0,4}\"",
            "\"(\\\\(u[0-9a-fA-FdD]{3,4}|[a-z/\"\\\\])){0,3}\"",
        ];
        scalar.prop_recursive(6, 40, 6, |inner| {
            let space = prop::sample::select(vec!["", "", " ", "\t\r\n"]);
            let entry = ("\"[ab]{0,2}\"", space.clone(), inner.clone())
                .prop_map(|(key, space, value)| format!("{key}{space}:{space}{value}"));
            prop_oneof![
                (prop::collection::vec(inner, 0..5), space.clone())
                    .prop_map(|(items, space)| format!("[{space}{}{space}]", items.join(","))),
                (prop::collection::vec(entry, 0..5), space)
                    .prop_map(|(entries, space)| format!("{{{space}{}{space}}}", entries.join(","))),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_reads_what_serde_json_reads(text in nearly_json(), cut in any::<prop::sample::Index>(), byte in any::<char>()) {
            assert_same(&text);
            let at = text.char_indices().map(|(at, _)| at).nth(cut.index(text.len() + 1)).unwrap_or(text.len());
            let (before, after) = text.split_at(at);
            assert_same(before);
            assert_same(after);
            assert_same(&format!("{before}{byte}{after}"));
        }

        #[test]
        fn no_text_stops_the_reader(text in "\\PC{0,40}|[\\[\\]{}:,\"\\\\ntfu0-9eE.+ -]{0,40}") {
            assert_same(&text);
        }
    }
}
