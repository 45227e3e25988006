//! Paths into a page's data blocks.
//!
//! `a.b` key, `*` any key, `[]` every element, `[key=value]` the elements whose `key` is `value`,
//! `**` any depth. No code, no expressions: a path is data that a reviewer can read.

use serde::Serialize;

use crate::json::Json;

/// Most values that `**`, `*` and `[]` may visit: a page cannot make a path run away.
const MAX_VISITS: usize = 200_000;
/// Deepest level that `**` descends to.
const MAX_DEPTH: usize = 64;

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// The value under a key.
    Key {
        /// The key.
        key: String,
    },
    /// The value under every key.
    AnyKey,
    /// Every element of an array.
    Each,
    /// The elements whose member has a value.
    Where {
        /// The member.
        key: String,
        /// Its value, as text.
        value: String,
    },
    /// This value and everything below it.
    Descend,
}

/// Why a path cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("path.malformed: \"{path}\": {problem}")]
pub struct PathError {
    /// The path.
    pub path: String,
    /// What is wrong.
    pub problem: &'static str,
}

/// A path, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(Vec<Step>);

impl Path {
    /// Parses a path.
    ///
    /// # Errors
    /// An empty step, or a bracket that does not close.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let problem = |problem| PathError { path: text.to_owned(), problem };
        let mut steps = Vec::new();
        if text.is_empty() {
            return Ok(Self(steps));
        }
        for part in text.split('.') {
            let (name, brackets) = part.split_at_checked(part.find('[').unwrap_or(part.len())).unwrap_or_default();
            match name {
                "" if brackets.is_empty() => return Err(problem("an empty step")),
                "" => {}
                "*" => steps.push(Step::AnyKey),
                "**" => steps.push(Step::Descend),
                key => steps.push(Step::Key { key: key.to_owned() }),
            }
            let mut rest = brackets;
            while let Some(inner) = rest.strip_prefix('[') {
                let (inside, after) = inner.split_once(']').ok_or_else(|| problem("a bracket that does not close"))?;
                steps.push(match inside.split_once('=') {
                    Some((key, value)) => Step::Where { key: key.to_owned(), value: value.to_owned() },
                    None if inside.is_empty() => Step::Each,
                    None => return Err(problem("a bracket holds nothing or key=value")),
                });
                rest = after;
            }
            if !rest.is_empty() {
                return Err(problem("text after a bracket"));
            }
        }
        Ok(Self(steps))
    }

    /// This path, then another.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        Self(self.0.iter().chain(&other.0).cloned().collect())
    }

    /// Its steps.
    pub fn into_steps(self) -> Vec<Step> {
        self.0
    }

    /// Every value the path leads to, in document order.
    pub fn all<'v>(&self, value: &'v Json) -> Vec<&'v Json> {
        let mut found = Vec::new();
        let mut visits = MAX_VISITS;
        walk(&self.0, value, 0, &mut visits, &mut found);
        found
    }

    /// The first value the path leads to that is not null.
    pub fn first<'v>(&self, value: &'v Json) -> Option<&'v Json> {
        self.all(value).into_iter().find(|value| !matches!(value, Json::Null))
    }
}

fn walk<'v>(steps: &[Step], value: &'v Json, depth: usize, visits: &mut usize, found: &mut Vec<&'v Json>) {
    if *visits == 0 || depth > MAX_DEPTH {
        return;
    }
    *visits -= 1;
    let Some((step, rest)) = steps.split_first() else {
        found.push(value);
        return;
    };
    match step {
        Step::Key { key } => {
            if let Some(next) = value.get(key) {
                walk(rest, next, depth + 1, visits, found);
            }
        }
        Step::AnyKey => {
            for (_, next) in value.entries() {
                walk(rest, next, depth + 1, visits, found);
            }
        }
        Step::Each => {
            for next in value.items() {
                walk(rest, next, depth + 1, visits, found);
            }
        }
        Step::Where { key, value: wanted } => {
            for next in value.items() {
                if next.get(key).and_then(Json::plain) == Some(wanted) {
                    walk(rest, next, depth + 1, visits, found);
                }
            }
        }
        Step::Descend => {
            walk(rest, value, depth, visits, found);
            for next in value.entries().iter().map(|(_, next)| next).chain(value.items()) {
                if matches!(next, Json::List(_) | Json::Object(_)) {
                    walk(steps, next, depth + 1, visits, found);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn texts(path: &str, value: &Value) -> Vec<String> {
        let value = Json::parse(&value.to_string()).unwrap();
        let found = Path::parse(path).unwrap();
        found.all(&value).into_iter().map(|found| serde_json::to_string(found).unwrap()).collect()
    }

    #[test]
    fn every_kind_of_step() {
        let value = json!({
            "loader": {"(region)/pdp/page": {"map": [
                {"type": "head"}, {"type": "info", "data": {"name": "a"}}
            ]}},
            "deep": [{"x": {"item": {"title": 1}}}, {"item": {"title": 2}}],
            "specs": [{"v": ["p", "q"]}, {"v": ["r"]}],
        });
        assert_eq!(texts("loader.*.map[type=info].data.name", &value), ["\"a\""]);
        assert_eq!(texts("**.item.title", &value), ["1", "2"]);
        assert_eq!(texts("specs[].v[]", &value), ["\"p\"", "\"q\"", "\"r\""]);
        assert_eq!(texts("specs[].none", &value), [""; 0]);
    }

    #[test]
    fn malformed_paths_are_named() {
        for bad in ["a..b", "a[", "a[b]", "a[]c"] {
            assert_eq!(Path::parse(bad).unwrap_err().path, bad);
        }
    }

    #[test]
    fn a_page_cannot_make_a_path_run_away() {
        let mut value = json!(1);
        for _ in 0..100 {
            value = json!([value, {"a": 1}]);
        }
        assert!(texts("**.a", &value).len() <= MAX_DEPTH);
    }
}
