//! Every call to the browser's extension interface, and nothing else.
//!
//! Both browsers offer the `chrome` namespace with promises in MV3. A call that the browser lacks or refuses is
//! an `Err`, never an exception that runs through Rust.

use std::pin::Pin;

use js_sys::{Array, Object, Promise, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// A tab's number.
pub type TabId = i32;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = ["chrome", "runtime"], js_name = id)]
    static OWN_ID: Option<String>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "runtime"], js_name = getURL)]
    fn runtime_get_url(path: &str) -> Result<String, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "runtime"], js_name = getManifest)]
    fn runtime_get_manifest() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "runtime"], js_name = sendMessage)]
    fn runtime_send_message(message: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = get)]
    fn session_get(keys: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = set)]
    fn session_set(items: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "session"], js_name = remove)]
    fn session_remove(key: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = get)]
    fn local_get(keys: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "storage", "local"], js_name = set)]
    fn local_set(items: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setIcon)]
    fn action_set_icon(details: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setBadgeText)]
    fn action_set_badge_text(details: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setBadgeBackgroundColor)]
    fn action_set_badge_colour(details: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "action"], js_name = setTitle)]
    fn action_set_title(details: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = get)]
    fn tabs_get(tab: TabId) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = query)]
    fn tabs_query(query: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = create)]
    fn tabs_create(properties: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "tabs"], js_name = sendMessage)]
    fn tabs_send_message(tab: TabId, message: &JsValue, options: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(catch, js_namespace = ["chrome", "windows"], js_name = create)]
    fn windows_create(properties: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "scripting"], js_name = executeScript)]
    fn scripting_execute(injection: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = contains)]
    fn permissions_contains(permissions: &JsValue) -> Result<Promise, JsValue>;
    // Not within a future: Firefox opens its question only while the click itself is being handled.
    #[wasm_bindgen(catch, js_namespace = ["chrome", "permissions"], js_name = request)]
    fn permissions_request(permissions: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    fn clipboard_write(text: &str) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(text: &str);
}

/// A value as JSON would carry it: no `Map`, no `BigInt`, which do not survive a message in Chromium.
///
/// # Errors
/// A value that JSON has no form for.
pub fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&Serializer::json_compatible()).map_err(JsValue::from)
}

/// What a call's promise holds in the end. One future for all calls: each its own was a copy of it in the module.
async fn settled(call: Result<Promise, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(call?).await
}

/// An error as the browser words it.
pub fn told(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => error.as_string().unwrap_or_default(),
    }
}

/// An error for the console and for whoever waits.
pub fn error(error: &dyn std::fmt::Display) -> JsValue {
    js_sys::Error::new(&error.to_string()).into()
}

/// Work that goes on after the call that began it. Boxed: one piece of promise machinery for all of it.
pub fn promise(work: impl Future<Output = Result<(), JsValue>> + 'static) -> Promise {
    reply(async { work.await.map(|()| JsValue::UNDEFINED) })
}

/// As [`promise`], with a value at the end.
pub fn reply(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let work: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>> = Box::pin(work);
    future_to_promise(work)
}

/// A member of an object; `undefined` when there is none.
pub fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or_default()
}

/// The items of a list; of anything else there are none.
pub fn items(list: &JsValue) -> Vec<JsValue> {
    if Array::is_array(list) { Array::from(list).to_vec() } else { Vec::new() }
}

/// An object with these members.
fn object<const N: usize>(members: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // Setting a member of a plain object cannot fail.
        let _ = Reflect::set(&object, &JsValue::from_str(name), &value);
    }
    object.into()
}

/// A list of texts.
fn list<T: AsRef<str>>(texts: &[T]) -> JsValue {
    texts.iter().map(|text| JsValue::from_str(text.as_ref())).collect::<Array>().into()
}

/// The extension's own id.
pub fn own_id() -> Option<String> {
    OWN_ID.with(Clone::clone)
}

/// The address of a file in the package.
///
/// # Errors
/// Outside an extension.
pub fn package_url(path: &str) -> Result<String, JsValue> {
    runtime_get_url(path)
}

/// The sites that the package asks for, as match patterns.
///
/// # Errors
/// Outside an extension.
pub fn declared_sites() -> Result<Vec<String>, JsValue> {
    let declared = items(&member(&runtime_get_manifest()?, "host_permissions"));
    Ok(declared.iter().filter_map(JsValue::as_string).collect())
}

/// Tells the background and waits for its reply.
///
/// # Errors
/// There is no background.
pub async fn tell_background(kind: &str, tab: TabId) -> Result<JsValue, JsValue> {
    settled(runtime_send_message(&object([("type", kind.into()), ("tab", tab.into())]))).await
}

/// Tells the content script of a tab's own frame.
///
/// # Errors
/// There is none.
pub async fn tell_page(tab: TabId, message: &JsValue) -> Result<(), JsValue> {
    settled(tabs_send_message(tab, message, &object([("frameId", 0.into())]))).await.map(drop)
}

/// Where a value is kept.
#[derive(Debug, Clone, Copy)]
pub enum Store {
    /// Until the browser closes.
    Session,
    /// For good, on this device.
    Local,
}

/// A stored value, when there is one.
///
/// # Errors
/// The browser refuses.
pub async fn stored(store: Store, key: &str) -> Result<Option<JsValue>, JsValue> {
    let name = JsValue::from_str(key);
    let items = settled(match store {
        Store::Session => session_get(&name),
        Store::Local => local_get(&name),
    });
    let items = items.await?;
    Ok(Some(member(&items, key)).filter(|value| !value.is_undefined()))
}

/// Every key in the session's store.
///
/// # Errors
/// The browser refuses.
pub async fn session_keys() -> Result<Vec<String>, JsValue> {
    let items = settled(session_get(&JsValue::NULL)).await?;
    Ok(Object::keys(&Object::from(items)).iter().filter_map(|key| key.as_string()).collect())
}

/// Stores a value.
///
/// # Errors
/// The browser refuses, or its quota is used up.
pub async fn store(store: Store, key: &str, value: &JsValue) -> Result<(), JsValue> {
    let items = object([(key, value.clone())]);
    let done = settled(match store {
        Store::Session => session_set(&items),
        Store::Local => local_set(&items),
    });
    done.await.map(drop)
}

/// Removes a value from the session's store.
///
/// # Errors
/// The browser refuses.
pub async fn forget(key: &str) -> Result<(), JsValue> {
    settled(session_remove(key)).await.map(drop)
}

/// What a tab's toolbar button shows.
pub struct Button<'a> {
    /// Icon's name: `icons/<name>-<size>.png`.
    pub icon: &'a str,
    /// Letter beside the icon; empty: none.
    pub text: &'a str,
    /// Colour behind the letter.
    pub colour: &'a str,
    /// Tooltip, and what a screen reader says.
    pub title: &'a str,
}

/// Sets a tab's toolbar button.
///
/// # Errors
/// The tab is gone.
pub async fn set_button(tab: TabId, button: &Button<'_>) -> Result<(), JsValue> {
    let icons =
        ["16", "32", "48", "128"].map(|size| (size, JsValue::from_str(&format!("/icons/{}-{size}.png", button.icon))));
    let with = |name, value| object([("tabId", tab.into()), (name, value)]);
    let set = [
        action_set_badge_text(&with("text", button.text.into()))?,
        action_set_badge_colour(&with("color", button.colour.into()))?,
        action_set_title(&with("title", button.title.into()))?,
        action_set_icon(&with("path", object(icons)))?,
    ];
    settled(Ok(Promise::all(&set.iter().collect::<Array>()))).await.map(drop)
}

/// A tab, as far as the extension may see it.
#[derive(Debug)]
pub struct Tab {
    /// Its number.
    pub id: Option<TabId>,
    /// Its address; absent where the extension has no permission.
    pub url: Option<String>,
}

impl Tab {
    fn from_js(tab: &JsValue) -> Self {
        Self { id: member(tab, "id").as_f64().map(|id| id as TabId), url: member(tab, "url").as_string() }
    }
}

/// A tab.
///
/// # Errors
/// The tab is gone.
pub async fn tab(id: TabId) -> Result<Tab, JsValue> {
    Ok(Tab::from_js(&settled(tabs_get(id)).await?))
}

/// The tab in front of the shopper.
///
/// # Errors
/// The browser refuses.
pub async fn active_tab() -> Result<Option<Tab>, JsValue> {
    let query = object([("active", true.into()), ("currentWindow", true.into())]);
    let tabs = Array::from(&settled(tabs_query(&query)).await?);
    Ok(tabs.iter().next().map(|tab| Tab::from_js(&tab)))
}

/// Opens a page of the package in a tab.
///
/// # Errors
/// The browser refuses.
pub async fn open_tab(path: &str) -> Result<(), JsValue> {
    settled(tabs_create(&object([("url", package_url(path)?.into())]))).await.map(drop)
}

/// Opens a page of the package in a small window, or in a tab where the browser has no windows.
///
/// # Errors
/// The browser refuses both.
pub async fn open_window(path: &str, width: u32, height: u32) -> Result<(), JsValue> {
    let window = object([
        ("url", package_url(path)?.into()),
        ("type", "popup".into()),
        ("width", width.into()),
        ("height", height.into()),
    ]);
    match settled(windows_create(&window)).await {
        Ok(_) => Ok(()),
        Err(_) => open_tab(path).await,
    }
}

/// Runs the package's scripts in a tab, in order.
///
/// # Errors
/// The browser does not let extensions into this page.
pub async fn run_scripts(tab: TabId, files: &[&str]) -> Result<(), JsValue> {
    let target = object([("tabId", tab.into())]);
    settled(scripting_execute(&object([("target", target), ("files", list(files))]))).await.map(drop)
}

/// Whether the browser lets the extension into these sites.
///
/// # Errors
/// The browser refuses to say.
pub async fn may_enter(sites: &[String]) -> Result<bool, JsValue> {
    let answer = settled(permissions_contains(&object([("origins", list(sites))]))).await?;
    Ok(answer.as_bool().unwrap_or(false))
}

/// Has the browser ask the shopper for these sites. Call it while a click is being handled.
///
/// # Errors
/// The browser refuses to ask.
pub fn ask_for_sites(sites: &[String]) -> Result<Promise, JsValue> {
    permissions_request(&object([("origins", list(sites))]))
}

/// Puts a text on the clipboard.
///
/// # Errors
/// The browser refuses.
pub async fn copy(text: &str) -> Result<(), JsValue> {
    settled(clipboard_write(text)).await.map(drop)
}

/// Writes to the console of the extension.
pub fn log(text: &str) {
    console_error(text);
}
