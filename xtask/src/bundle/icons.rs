//! Pictures for the toolbar from `extension/icons/<state>.svg`, as `icons/<state>-<size>.png`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::files::sorted_files;

/// Sizes that browsers ask for, in pixels.
pub(super) const SIZES: [u32; 4] = [16, 32, 48, 128];

/// Every picture by its name in the package.
pub(super) fn render(folder: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut pictures = Vec::new();
    for path in sorted_files(folder, false)? {
        let Some(state) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".svg")) else {
            continue;
        };
        for size in SIZES {
            pictures.push(picture(folder, state, size)?);
        }
    }
    Ok(pictures)
}

/// One picture, of any size, by its name in the package.
pub(super) fn picture(folder: &Path, state: &str, size: u32) -> Result<(String, Vec<u8>)> {
    let path = folder.join(format!("{state}.svg"));
    let drawing = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let tree = Tree::from_data(&drawing, &Options::default())
        .with_context(|| format!("{} is not a drawing that can be rendered", path.display()))?;
    Ok((name(state, size), png(&tree, size)?))
}

/// A picture's name in the package.
pub(super) fn name(state: &str, size: u32) -> String {
    format!("icons/{state}-{size}.png")
}

fn png(tree: &Tree, size: u32) -> Result<Vec<u8>> {
    let mut picture = Pixmap::new(size, size).context("a picture has at least one pixel")?;
    let scale = size as f32 / tree.size().width();
    resvg::render(tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture.encode_png().context("a picture cannot be encoded")
}
