//! The few things that pages of the package do with their documents.
//!
//! Words enter a document only as text; markup comes only from the package's own `<template>`s.

use soi_core::explain::Explainer;
use soi_core::finding::Grade;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, HtmlElement, HtmlTemplateElement, Node};

/// A result in a page; the error is for the console.
pub type Shown<T> = Result<T, JsValue>;

/// The page's document.
///
/// # Errors
/// There is none: a worker.
pub fn document() -> Shown<Document> {
    web_sys::window().and_then(|window| window.document()).ok_or_else(|| missing("document"))
}

/// A parameter of the page's address.
pub fn parameter(name: &str) -> Option<String> {
    let search = web_sys::window()?.location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// The element with an id.
///
/// # Errors
/// The page has none.
pub fn by_id(id: &str) -> Shown<Element> {
    document()?.get_element_by_id(id).ok_or_else(|| missing(id))
}

/// Every element below `root` that a selector names.
///
/// # Errors
/// The selector cannot be read.
pub fn all(root: &Element, selector: &str) -> Shown<Vec<Element>> {
    let found = root.query_selector_all(selector)?;
    Ok((0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect())
}

/// The element named `data-part` below `root`.
///
/// # Errors
/// The template has none.
pub fn part(root: &Element, name: &str) -> Shown<Element> {
    root.query_selector(&format!("[data-part=\"{name}\"]"))?.ok_or_else(|| missing(name))
}

/// Puts words into a part; a part without words is taken away.
///
/// # Errors
/// The template has no such part.
pub fn say(root: &Element, name: &str, words: &str) -> Shown<()> {
    let part = part(root, name)?;
    if words.is_empty() {
        part.remove();
    } else {
        part.set_text_content(Some(words));
    }
    Ok(())
}

/// Adds children to a part; a part without children is taken away.
///
/// # Errors
/// The template has no such part.
pub fn fill(root: &Element, name: &str, children: Vec<Element>) -> Shown<()> {
    let part = part(root, name)?;
    if children.is_empty() {
        part.remove();
    }
    for child in children {
        part.append_child(&child)?;
    }
    Ok(())
}

/// A copy of a template's one element, its fixed words filled in.
///
/// # Errors
/// The page has no such template.
pub fn clone(template: &str, words: &Explainer<'_>) -> Shown<Element> {
    let found: HtmlTemplateElement = by_id(template)?.dyn_into().map_err(|_| missing(template))?;
    let first = found.content().first_element_child().ok_or_else(|| missing(template))?;
    let copy: Element = first.clone_node_with_deep(true)?.dyn_into().map_err(|_| missing(template))?;
    localise(&copy, words)?;
    Ok(copy)
}

/// Fills in the fixed words: `data-text` names an element's text, `data-label` its label.
///
/// # Errors
/// The document is gone.
pub fn localise(root: &Element, words: &Explainer<'_>) -> Shown<()> {
    for element in all(root, "[data-text]")? {
        let key = element.get_attribute("data-text").unwrap_or_default();
        element.set_text_content(Some(words.text(&key)));
    }
    for element in all(root, "[data-label]")? {
        let key = element.get_attribute("data-label").unwrap_or_default();
        element.set_attribute("aria-label", words.text(&key))?;
    }
    Ok(())
}

/// Fills in the fixed words of the whole page and says which language they are in.
///
/// # Errors
/// The document is gone.
pub fn localise_page(words: &Explainer<'_>) -> Shown<()> {
    let root = document()?.document_element().ok_or_else(|| missing("html"))?;
    root.set_attribute("lang", words.lang().tag())?;
    localise(&root, words)
}

/// Shows `children` in `parent`. What is the same stays as it is, and what the reader has opened or closed stays
/// so, with the focus where it was.
///
/// # Errors
/// The document is gone.
pub fn show(parent: &Element, children: Vec<Element>) -> Shown<()> {
    let folds = folds(parent)?;
    let focused = focused_fold(parent)?;
    for child in &children {
        restore(child, &folds)?;
    }
    let shown = parent.children();
    for (at, child) in (0u32..).zip(&children) {
        match shown.item(at) {
            Some(old) if old.is_equal_node(Some(child)) => {}
            Some(old) => drop(parent.replace_child(child, &old)?),
            None => drop(parent.append_child(child)?),
        }
    }
    while let Some(extra) = shown.item(children.len() as u32) {
        extra.remove();
    }
    if let Some(name) = focused {
        refocus(parent, &name)?;
    }
    Ok(())
}

fn folds(root: &Element) -> Shown<Vec<(String, bool)>> {
    let named = |fold: Element| Some((fold.get_attribute("data-fold")?, fold.has_attribute("open")));
    Ok(all(root, "[data-fold]")?.into_iter().filter_map(named).collect())
}

fn restore(root: &Element, folds: &[(String, bool)]) -> Shown<()> {
    let mut here = all(root, "[data-fold]")?;
    here.push(root.clone());
    for fold in here {
        let name = fold.get_attribute("data-fold");
        if let Some((_, open)) = folds.iter().find(|(known, _)| Some(known) == name.as_ref()) {
            fold.toggle_attribute_with_force("open", *open)?;
        }
    }
    Ok(())
}

fn focused_fold(root: &Element) -> Shown<Option<String>> {
    let Some(focused) = document()?.active_element() else {
        return Ok(None);
    };
    if !root.contains(Some(&focused)) {
        return Ok(None);
    }
    Ok(focused.closest("[data-fold]")?.and_then(|fold| fold.get_attribute("data-fold")))
}

/// Gives the focus back when the element that had it was replaced.
fn refocus(root: &Element, name: &str) -> Shown<()> {
    let focused = document()?.active_element();
    if focused.is_some_and(|focused| root.contains(Some(&focused))) {
        return Ok(());
    }
    for fold in all(root, "[data-fold]")? {
        if fold.get_attribute("data-fold").as_deref() == Some(name)
            && let Some(summary) = fold.first_element_child()
        {
            focus(&summary)?;
        }
    }
    Ok(())
}

/// The pressed element that names a `data-action`.
///
/// # Errors
/// The document is gone.
pub fn pressed(event: &Event) -> Shown<Option<Element>> {
    match event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
        Some(target) => target.closest("[data-action]"),
        None => Ok(None),
    }
}

/// A mark: letter and shape of a grade.
///
/// # Errors
/// The template is missing.
pub fn mark(grade: Grade, words: &Explainer<'_>) -> Shown<Element> {
    let mark = clone("mark", words)?;
    mark.set_attribute("data-mark", grade.letter())?;
    say(&mark, "letter", grade.letter())?;
    Ok(mark)
}

/// A line of a legend: a grade's mark, its word, and what it means.
///
/// # Errors
/// A template is missing.
pub fn grade_row(grade: Grade, meaning: &str, words: &Explainer<'_>) -> Shown<Element> {
    let row = clone("grade", words)?;
    row.set_attribute("data-grade", grade.letter())?;
    fill(&row, "mark", vec![mark(grade, words)?])?;
    say(&row, "word", words.grade_word(grade))?;
    say(&row, "meaning", meaning)?;
    Ok(row)
}

/// Moves the focus.
///
/// # Errors
/// The document is gone.
pub fn focus(element: &Node) -> Shown<()> {
    match element.dyn_ref::<HtmlElement>() {
        Some(element) => element.focus(),
        None => Ok(()),
    }
}

fn missing(what: &str) -> JsValue {
    js_sys::Error::new(&format!("page.element: {what} is not there")).into()
}
