//! Addresses: which kind of page one is, and which product it leads to.

use super::pattern::{Captures, Pattern, PatternError};
use crate::knowledge::{Knowledge, PageKind, PageRule, Platform};

/// The parts of an http(s) address that rules look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Address<'a> {
    /// Host, without user or port, as given (browsers give it in lower case).
    pub(crate) host: &'a str,
    /// Path and query, `/` at least, without the fragment.
    pub(crate) path: &'a str,
}

impl<'a> Address<'a> {
    pub(crate) fn parse(url: &'a str) -> Option<Self> {
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
        let rest = rest.split('#').next().unwrap_or_default();
        let at = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = (rest.get(..at)?, rest.get(at..)?);
        let host = authority.rsplit('@').next()?.split(':').next()?;
        (!host.is_empty()).then_some(Self { host, path: if path.is_empty() { "/" } else { path } })
    }
}

/// What an address says by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// Product's, room's or video's id; `shop.item` where the platform needs both.
    pub(crate) id: Option<String>,
    /// Host's handle.
    pub(crate) handle: Option<String>,
    /// Whether the address alone does not tell the kind.
    pub(crate) needs_sign: bool,
}

/// A platform's page rules, compiled, in their order.
#[derive(Debug)]
pub(crate) struct Places {
    pages: Vec<Pattern>,
    walls: Vec<Pattern>,
}

impl Places {
    pub(crate) fn new(platform: &Platform) -> Result<Self, PatternError> {
        Ok(Self {
            pages: platform.pages.iter().map(|rule| Pattern::parse(&rule.path)).collect::<Result<_, _>>()?,
            walls: (platform.walls.iter())
                .filter_map(|wall| wall.path.as_deref())
                .map(Pattern::parse)
                .collect::<Result<_, _>>()?,
        })
    }

    /// The kind of page at an address.
    pub(crate) fn find(&self, rules: &[PageRule], address: Address<'_>) -> (PageKind, Place) {
        if self.walls.iter().any(|wall| wall.matches(address.path).is_some()) {
            return (PageKind::Wall, Place::default());
        }
        for (rule, pattern) in rules.iter().zip(&self.pages) {
            if rule.host.as_deref().is_some_and(|host| host != address.host) {
                continue;
            }
            if let Some(captures) = pattern.matches(address.path) {
                return (rule.kind, Place { needs_sign: rule.needs_sign, ..place(&captures) });
            }
        }
        (PageKind::Other, Place::default())
    }
}

fn place(captures: &Captures<'_, '_>) -> Place {
    let named = |name: &str| captures.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Place {
        id: match (named("shop"), named("id")) {
            (Some(shop), Some(id)) => Some(format!("{shop}.{id}")),
            (_, id) => id,
        },
        handle: named("handle"),
        needs_sign: false,
    }
}

/// Regular expressions over `host + path + query` of every platform's product pages, for content scripts.
pub(crate) fn product_link_patterns(knowledge: &Knowledge) -> Result<Vec<String>, PatternError> {
    let mut patterns = Vec::new();
    for platform in &knowledge.platforms {
        for rule in platform.pages.iter().filter(|rule| rule.kind == PageKind::Product) {
            let expression = Pattern::parse(&rule.path)?.to_regular_expression();
            let path = expression.trim_start_matches('^');
            let hosts: Vec<&str> = match &rule.host {
                Some(host) => vec![host],
                None => platform.hosts.iter().map(String::as_str).collect(),
            };
            for host in hosts {
                let host = match host.strip_prefix("*.") {
                    Some(domain) => format!("(?:[a-z0-9-]+\\.)*{}", domain.replace('.', "\\.")),
                    None => host.replace('.', "\\."),
                };
                patterns.push(format!("^{host}{path}"));
            }
        }
    }
    Ok(patterns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let parse = |url| Address::parse(url).map(|address| (address.host, address.path));
        assert_eq!(parse("https://shopee.vn:8443/a-i.1.2?x=1#f"), Some(("shopee.vn", "/a-i.1.2?x=1")));
        assert_eq!(parse("https://tiki.vn"), Some(("tiki.vn", "/")));
        assert_eq!(parse("https://tiki.vn?q=1"), Some(("tiki.vn", "?q=1")));
        assert_eq!(parse("https://shopee.vn@evil.example/x"), Some(("evil.example", "/x")));
        assert_eq!(parse("javascript:alert(1)"), None);
        assert_eq!(parse("https:///x"), None);
    }
}
