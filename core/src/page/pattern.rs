//! Patterns of addresses, as rules write them: `/@{handle}/live`, `/{*}-i.{shop#}.{id#}`, `/watch?v={id}`.
//!
//! `{name}` is text without a slash, `{name#}` digits, `{*}` any text without a slash or none, `{**}` all the rest.
//! `?v={id}` asks for one parameter of the query, wherever it stands; other parameters and a final slash are ignored.
//! No expressions: a pattern is data that a reviewer can read, and matching it takes bounded time.

use std::fmt::Write as _;

/// Most steps of one match: a page cannot choose an address on which matching runs away.
const MAX_STEPS: usize = 10_000;

/// A pattern, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    path: Vec<Part>,
    /// A parameter of the query, and the name its value is read as.
    query: Option<(String, Part)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Text(String),
    Digits(String),
    Any,
    Rest,
}

/// Why a pattern cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("pattern.malformed: \"{pattern}\": {problem}")]
pub struct PatternError {
    /// The pattern.
    pub pattern: String,
    /// What is wrong.
    pub problem: &'static str,
}

/// What a match read, by name, in the pattern's order.
pub(crate) type Captures<'p, 'a> = Vec<(&'p str, &'a str)>;

impl Pattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// It does not start with a slash, or a brace does not close.
    pub(crate) fn parse(text: &str) -> Result<Self, PatternError> {
        let problem = |problem| PatternError { pattern: text.to_owned(), problem };
        if !text.starts_with('/') {
            return Err(problem("a pattern starts with a slash"));
        }
        let (path, query) = match text.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (text, None),
        };
        let query = match query.map(|query| query.split_once('=').ok_or(query)) {
            Some(Ok((name, value))) => match parts(value).map_err(problem)?.as_slice() {
                [part @ (Part::Text(_) | Part::Digits(_))] => Some((name.to_owned(), part.clone())),
                _ => return Err(problem("a parameter's value is one {name}")),
            },
            Some(Err(_)) => return Err(problem("a query is name={value}")),
            None => None,
        };
        Ok(Self { path: parts(path.trim_end_matches('/')).map_err(problem)?, query })
    }

    /// Matches a path with its query.
    pub(crate) fn matches<'p, 'a>(&'p self, address: &'a str) -> Option<Captures<'p, 'a>> {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut captures = Vec::new();
        let mut steps = MAX_STEPS;
        if !match_parts(&self.path, path.trim_end_matches('/'), &mut captures, &mut steps) {
            return None;
        }
        if let Some((name, part)) = &self.query {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            let (_, value) = pairs.find(|(given, _)| given == name)?;
            match part {
                Part::Digits(name) if is_digits(value) => captures.push((name, value)),
                Part::Text(name) if !value.is_empty() => captures.push((name, value)),
                _ => return None,
            }
        }
        Some(captures)
    }

    /// The same pattern as a regular expression for JavaScript, from the start of a path to its end.
    pub(crate) fn to_regular_expression(&self) -> String {
        let mut expression = String::from("^");
        for part in &self.path {
            part.write_expression(&mut expression, "[^/?]");
        }
        expression.push_str("/*");
        match &self.query {
            Some((name, value)) => {
                let _ = write!(expression, "\\?(?:.*&)?{name}=");
                value.write_expression(&mut expression, "[^&]");
                expression.push_str("(?:&.*)?$");
            }
            None => expression.push_str("(?:\\?.*)?$"),
        }
        expression
    }
}

impl Part {
    fn write_expression(&self, expression: &mut String, text: &str) {
        let _ = match self {
            Self::Literal(literal) => {
                for letter in literal.chars() {
                    if !letter.is_ascii_alphanumeric() && letter != '/' && letter != '-' && letter != '@' {
                        expression.push('\\');
                    }
                    expression.push(letter);
                }
                Ok(())
            }
            Self::Text(name) => write!(expression, "(?<{name}>{text}+)"),
            Self::Digits(name) => write!(expression, "(?<{name}>[0-9]+)"),
            Self::Any => write!(expression, "{text}*"),
            Self::Rest => write!(expression, "[^?]*"),
        };
    }
}

fn parts(text: &str) -> Result<Vec<Part>, &'static str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((literal, after)) = rest.split_once('{') {
        if !literal.is_empty() {
            parts.push(Part::Literal(literal.to_owned()));
        }
        let (name, after) = after.split_once('}').ok_or("a brace that does not close")?;
        parts.push(match (name, name.strip_suffix('#')) {
            ("*", _) => Part::Any,
            ("**", _) => Part::Rest,
            (_, Some(name)) => Part::Digits(name.to_owned()),
            (name, None) if !name.is_empty() => Part::Text(name.to_owned()),
            _ => return Err("a brace without a name"),
        });
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest.to_owned()));
    }
    Ok(parts)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Longest first, as regular expressions do; what does not fit later is tried shorter.
fn match_parts<'p, 'a>(parts: &'p [Part], text: &'a str, captures: &mut Captures<'p, 'a>, steps: &mut usize) -> bool {
    let Some((part, others)) = parts.split_first() else { return text.is_empty() };
    let (fits, least, name): (fn(char) -> bool, usize, Option<&str>) = match part {
        Part::Literal(literal) => {
            return text.strip_prefix(literal.as_str()).is_some_and(|rest| match_parts(others, rest, captures, steps));
        }
        Part::Text(name) => (|letter| letter != '/', 1, Some(name)),
        Part::Digits(name) => (|letter| letter.is_ascii_digit(), 1, Some(name)),
        Part::Any => (|letter| letter != '/', 0, None),
        Part::Rest => (|_| true, 0, None),
    };
    let longest = text.find(|letter| !fits(letter)).unwrap_or(text.len());
    let known = captures.len();
    for end in (least..=longest).rev() {
        if *steps == 0 {
            return false;
        }
        *steps -= 1;
        let Some((value, rest)) = text.split_at_checked(end) else { continue };
        captures.extend(name.map(|name| (name, value)));
        if match_parts(others, rest, captures, steps) {
            return true;
        }
        captures.truncate(known);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn captured(pattern: &str, address: &str) -> Option<String> {
        let pattern = Pattern::parse(pattern).unwrap();
        let captures = pattern.matches(address)?;
        Some(captures.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn addresses_and_what_is_read_from_them() {
        for (pattern, address, expected) in [
            ("/@{handle}/live", "/@bep.nha/live", Some("handle=bep.nha")),
            ("/@{handle}/live", "/@bep.nha/live/?lang=vi", Some("handle=bep.nha")),
            ("/@{handle}/live", "/@bep.nha", None),
            ("/{*}-i.{shop#}.{id#}", "/May-xay-i.e-i.11.222?x=1", Some("shop=11 id=222")),
            ("/{*}-i.{shop#}.{id#}", "/May-xay-i.11.222x", None),
            ("/products/{*}i{id#}-s{sku#}.html", "/products/dau-nhot-i12-s3.html", Some("id=12 sku=3")),
            ("/products/{*}i{id#}.html", "/products/pdp-i12.html", Some("id=12")),
            ("/watch?v={id}", "/watch?list=a&v=Ab_1-x&t=3", Some("id=Ab_1-x")),
            ("/watch?v={id}", "/watch?xv=1", None),
            ("/watch/live/?v={id#}", "/watch/live/?v=123", Some("id=123")),
            ("/verify/{**}", "/verify/traffic/error", Some("")),
            ("/verify/{**}", "/verify", None),
        ] {
            assert_eq!(captured(pattern, address).as_deref(), expected, "{pattern} {address}");
        }
    }

    #[test]
    fn as_a_regular_expression() {
        let expression = |pattern| Pattern::parse(pattern).unwrap().to_regular_expression();
        assert_eq!(expression("/@{handle}/live"), "^/@(?<handle>[^/?]+)/live/*(?:\\?.*)?$");
        assert_eq!(expression("/{*}-i.{shop#}.{id#}"), "^/[^/?]*-i\\.(?<shop>[0-9]+)\\.(?<id>[0-9]+)/*(?:\\?.*)?$");
        assert_eq!(expression("/watch?v={id}"), "^/watch/*\\?(?:.*&)?v=(?<id>[^&]+)(?:&.*)?$");
    }

    #[test]
    fn malformed_patterns_are_named() {
        for bad in ["a", "/{", "/{}", "/a?v", "/a?v=b"] {
            assert_eq!(Pattern::parse(bad).unwrap_err().pattern, bad);
        }
    }

    proptest! {
        #[test]
        fn any_address_is_safe(address in "/\\PC{0,200}") {
            let _ = captured("/{*}-i.{shop#}.{id#}", &address);
            let _ = captured("/products/{*}i{id#}-s{sku#}.html", &address);
        }
    }
}
