//! What a content script may collect, one script a platform, from the built-in knowledge.

use anyhow::{Context, Result};
use soi_core::Engine;
use soi_core::knowledge::{Knowledge, PageKind, Platform};
use soi_core::page::plan::collect_plan;

/// The engine of the package, which holds its knowledge.
pub(super) fn engine() -> Result<Engine> {
    Engine::built_in().context("the built-in knowledge cannot be opened: see core/knowledge/")
}

/// A plan's name in the package.
pub(super) fn script_name(platform: &Platform) -> String {
    format!("content/plans/{}.js", platform.id)
}

/// Every plan as a script, also of the platform without hosts that is injected on the shopper's click.
///
/// `var`, because the page's elements are reachable as globals by their id, and only a declared variable
/// stands before them; unlike `let` it may be declared again when the script is injected twice.
pub(super) fn scripts(knowledge: &Knowledge) -> Result<Vec<(String, String)>> {
    let mut scripts = Vec::new();
    for platform in &knowledge.platforms {
        let plan =
            collect_plan(knowledge, platform).with_context(|| format!("core/knowledge/rules/{}.toml", platform.id))?;
        let json = serde_json::to_string_pretty(&plan)?;
        scripts.push((script_name(platform), format!("var soi = soi ?? {{}};\nsoi.plan = {json};\n")));
    }
    Ok(scripts)
}

/// The addresses of a platform, as a manifest writes them.
pub(super) fn match_patterns(platform: &Platform) -> Vec<String> {
    platform.hosts.iter().map(|host| format!("https://{host}/*")).collect()
}

/// Whether one of a platform's pages lives in a frame: the chat beside a livestream.
pub(super) fn has_frames(platform: &Platform) -> bool {
    platform.pages.iter().any(|page| page.kind == PageKind::LiveChat)
}
