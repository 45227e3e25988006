//! Addresses, and the sites of a platform as browsers name them in permissions.

use soi_core::knowledge::Platform;

/// Match patterns, the same as in the manifest.
pub fn patterns(platform: &Platform) -> Vec<String> {
    platform.hosts.iter().map(|host| format!("https://{host}/*")).collect()
}

/// Host and port of an http(s) address.
pub fn authority(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let authority = authority.rsplit('@').next()?;
    (!authority.is_empty()).then_some(authority)
}

/// Host of an authority, without its port.
pub fn host(authority: &str) -> &str {
    authority.split(':').next().unwrap_or_default()
}

/// Whether two addresses are one page: all but the fragment counts, as it does for the content scripts.
pub fn same_page(one: &str, other: &str) -> bool {
    let page = |url: &str| url.split('#').next().map(str::to_owned);
    page(one) == page(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_makes_no_other_page() {
        assert!(same_page("https://a.vn/x?y=1", "https://a.vn/x?y=1#reviews"));
        assert!(!same_page("https://a.vn/x?y=1", "https://a.vn/x?y=2"));
    }
}
