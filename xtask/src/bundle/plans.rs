//! Content scripts that the build writes: what may be collected, one script a platform, from the built-in
//! knowledge; and the badge's looks.

use std::fs;

use anyhow::{Context, Result};
use soi_core::Engine;
use soi_core::knowledge::{Knowledge, PageKind, Platform};
use soi_core::page::plan::collect_plan;

use crate::workspace;

/// The badge's style sheet in the package.
pub(super) const BADGE_STYLE: &str = "content/badge-style.js";

/// The engine of the package, which holds its knowledge.
pub(super) fn engine() -> Result<Engine> {
    Engine::built_in().context("the built-in knowledge cannot be opened: see core/knowledge/")
}

/// A plan's name in the package.
pub(super) fn script_name(platform: &Platform) -> String {
    format!("content/plans/{}.js", platform.id)
}

/// Every plan as a script, also of the platform without hosts that is injected on the shopper's click.
pub(super) fn scripts(knowledge: &Knowledge) -> Result<Vec<(String, String)>> {
    let mut scripts = Vec::new();
    for platform in &knowledge.platforms {
        let plan =
            collect_plan(knowledge, platform).with_context(|| format!("core/knowledge/rules/{}.toml", platform.id))?;
        scripts.push((script_name(platform), script("plan", &serde_json::to_string_pretty(&plan)?)));
    }
    Ok(scripts)
}

/// `content/badge.css` as a script: a style sheet of its own would have to be open to every page.
pub(super) fn badge_style() -> Result<String> {
    let path = workspace::extension("content").join("badge.css");
    let css = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(script("badgeStyle", &serde_json::to_string(&css)?))
}

/// `var`, because the page's elements are reachable as globals by their id, and only a declared variable
/// stands before them; unlike `let` it may be declared again when the script is injected twice.
fn script(name: &str, json: &str) -> String {
    format!("var soi = soi ?? {{}};\nsoi.{name} = {json};\n")
}

/// The addresses of a platform, as a manifest writes them.
pub(super) fn match_patterns(platform: &Platform) -> Vec<String> {
    platform.hosts.iter().map(|host| format!("https://{host}/*")).collect()
}

/// Whether one of a platform's pages lives in a frame: the chat beside a livestream.
pub(super) fn has_frames(platform: &Platform) -> bool {
    platform.pages.iter().any(|page| page.kind == PageKind::LiveChat)
}
