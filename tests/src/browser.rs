//! Real browsers that carry the release package and see the local pages under their real addresses.
//!
//! Every request of the browser goes to the server's proxy: pages need no other address than the one a
//! shopper would see, and whatever else the browser tries to reach is refused and noted.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use base64::Engine;
use http::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use thirtyfour::common::command::{Command, ExtensionCommand};
use thirtyfour::{Capabilities, WebDriver, WindowHandle};
use tokio::process::Child;

use crate::case::Shown;
use crate::pages::workspace;
use crate::server::Server;

/// Soi's id in Firefox.
pub const GECKO_ID: &str = "soi@soi.vn";
/// The address that Firefox gives it here, so that its pages can be opened.
const GECKO_UUID: &str = "5010e8ba-0000-4000-8000-000000000501";
/// How long anything may take before a test fails.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(25);
/// The key under which WebDriver passes shadow roots.
const SHADOW_KEY: &str = "shadow-6066-11e4-a52e-4f735466cecf";
/// Hosts that browsers ask of their own accord, whatever page is open: their makers', and the search engine
/// that Debian's Chromium is set to.
const MAKERS_HOSTS: [&str; 7] =
    ["google.com", "googleapis.com", "gvt1.com", "mozilla.com", "mozilla.net", "mozilla.org", "start.duckduckgo.com"];

/// Whether a host is the browser maker's own.
pub(crate) fn is_makers_host(host: &str) -> bool {
    MAKERS_HOSTS
        .iter()
        .any(|maker| host == *maker || host.strip_suffix(maker).is_some_and(|before| before.ends_with('.')))
}

/// Which browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Chromium.
    Chromium,
    /// Firefox ESR.
    Firefox,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Chromium, Self::Firefox];

    /// Name, and folder of its release package.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }

    /// The unpacked release package.
    pub fn package(self) -> PathBuf {
        workspace().join("target/extension").join(self.name())
    }
}

/// How to start a browser.
#[derive(Debug, Clone)]
pub struct Options {
    /// Unpacked extension; absent: the browser without Soi, as a measure to compare with.
    pub package: Option<PathBuf>,
    /// Without a window.
    pub headless: bool,
    /// Inner size of the window.
    pub size: (u32, u32),
    /// A site that Soi may read besides its own, in a copy of the package: what a press on the toolbar's button gives
    /// for one tab.
    pub let_into: Option<String>,
    /// Language of the browser.
    pub lang: String,
    /// Device pixels a CSS pixel, for pictures.
    pub scale: f64,
    /// Time after which Firefox stops an idle background page; absent: its own.
    pub idle: Option<Duration>,
    /// How long a script in a page may take.
    pub patience: Duration,
    /// Whether Soi may run in private windows, which Firefox lets a driver say.
    pub in_private: bool,
}

impl Options {
    /// The release package, in Vietnamese, without a window.
    pub fn release(kind: Kind) -> Self {
        Self {
            package: Some(kind.package()),
            headless: true,
            size: (1280, 800),
            let_into: None,
            lang: "vi".to_owned(),
            scale: 1.0,
            idle: None,
            patience: Duration::from_secs(30),
            in_private: false,
        }
    }
}

/// A running browser with a profile of its own. Close it with [`Browser::quit`].
pub struct Browser {
    // Dropped in this order: the session first, so that the driver ends the browser before it goes itself.
    driver: WebDriver,
    process: Child,
    _profile: TempDir,
    kind: Kind,
    extension: Option<String>,
    dark: AtomicBool,
}

/// A badge of Soi's in the page, read through its closed shadow root.
#[derive(Debug, Clone, PartialEq)]
pub struct Badge {
    /// Left edge, CSS pixels from the window's.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width; 0 when it is not drawn.
    pub width: f64,
    /// Height; 0 when it is not drawn.
    pub height: f64,
    /// Whether its shadow root is closed, as Soi's is. A page's own element of that name may differ.
    pub closed: bool,
    /// `aria-label`s within it, in order.
    pub labels: Vec<String>,
    /// Its texts, joined by spaces.
    pub text: String,
}

impl Browser {
    /// Starts a browser whose requests all go to the server.
    ///
    /// # Errors
    /// A driver or package that is not there; a browser that does not start.
    pub async fn start(kind: Kind, server: &Server, options: &Options) -> Result<Self> {
        let profile = tempfile::Builder::new().prefix("soi-profile-").tempdir()?;
        let mut options = options.clone();
        if let (Some(package), Some(site)) = (&options.package, &options.let_into) {
            options.package = Some(let_into(package, site, &profile.path().join("package"))?);
        }
        let options = &options;
        let port = free_port()?;
        let process = start_driver(kind, port, profile.path())?;
        let capabilities = match kind {
            Kind::Chromium => {
                let binary = find_program(&["chromium", "chromium-browser", "google-chrome"])?;
                chromium_capabilities(&binary, server, options, profile.path())
            }
            Kind::Firefox => firefox_capabilities(&find_program(&["firefox-esr", "firefox"])?, server, options),
        };
        let address = format!("http://127.0.0.1:{port}");
        wait_for_port(port).await?;
        let driver = WebDriver::builder(address, as_capabilities(capabilities)?)
            .request_timeout(options.patience.max(Duration::from_secs(120)))
            .await
            .with_context(|| format!("{} did not start", kind.name()))?;
        driver.set_script_timeout(options.patience).await?;
        let mut browser =
            Self { driver, process, _profile: profile, kind, extension: None, dark: AtomicBool::new(false) };
        if let Some(package) = &options.package {
            browser.extension = Some(browser.install(package, options.in_private).await?);
        }
        browser.fit(options.size).await?;
        Ok(browser)
    }

    /// Which browser it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The driver's process, below which the browser's are.
    pub fn driver_process(&self) -> Option<u32> {
        self.process.id()
    }

    /// The WebDriver session, for what is not wrapped here.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Opens an address in the current tab and looks at it.
    ///
    /// # Errors
    /// An address that does not load.
    pub async fn open(&self, url: &str) -> Result<()> {
        self.driver.goto(url).await.with_context(|| format!("{url} did not open"))?;
        self.look().await?;
        self.paint().await
    }

    /// Brings the current tab to the front. A driver works in tabs that nobody looks at, where pages are slowed
    /// down; and the extension's first-run page opens whenever it is ready.
    ///
    /// # Errors
    /// A tab that is gone.
    pub async fn look(&self) -> Result<()> {
        match self.kind {
            Kind::Chromium => self.driver.cdp().send_raw("Page.bringToFront", json!({})).await.map(drop)?,
            Kind::Firefox => self.driver.switch_to_window(self.driver.window().await?).await?,
        }
        Ok(())
    }

    /// Runs the body of a function in the page and returns what it returns, promises resolved.
    ///
    /// # Errors
    /// A script that throws.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        let returned = self.driver.execute(script.to_owned(), arguments).await?;
        Ok(returned.json().clone())
    }

    /// The next `count` events of a live page's time line.
    ///
    /// # Errors
    /// A page without one.
    pub async fn step(&self, count: usize) -> Result<()> {
        self.run("window.timeline.step(arguments[0])", vec![json!(count)]).await.map(drop)
    }

    /// Looks until there is something to see.
    ///
    /// # Errors
    /// Nothing within [`PATIENCE`], or a look that fails.
    pub async fn wait_for<T>(&self, what: &str, mut look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
        let started = Instant::now();
        loop {
            if let Some(seen) = look().await? {
                return Ok(seen);
            }
            if started.elapsed() > PATIENCE {
                bail!("waited {PATIENCE:?} for {what} in {}", self.kind.name());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Address of a page of the extension.
    ///
    /// # Errors
    /// A browser without it.
    pub fn extension_url(&self, path: &str) -> Result<String> {
        let id = self.extension.as_deref().context("this browser was started without the extension")?;
        Ok(match self.kind {
            Kind::Chromium => format!("chrome-extension://{id}/{path}"),
            Kind::Firefox => format!("moz-extension://{id}/{path}"),
        })
    }

    /// Opens the popup for the current tab in a tab of its own and goes there. Returns the page's own
    /// window, to come back to.
    ///
    /// # Errors
    /// An extension page that does not open.
    pub async fn popup_for_current_tab(&self) -> Result<WindowHandle> {
        let page = self.driver.window().await?;
        self.look().await?;
        let popup = self.driver.new_tab().await?;
        self.driver.switch_to_window(popup).await?;
        let address = self.extension_url("popup/popup.html")?;
        self.open(&address).await?;
        // The tab before this one, in the same window: addresses of pages without a permission are not visible, times are.
        let tab = self
            .run(
                "const api = globalThis.browser ?? globalThis.chrome;
                 return api.tabs.getCurrent().then(own => api.tabs.query({}).then(tabs => tabs
                     .filter(tab => tab.id !== own.id)
                     .sort((a, b) => (b.windowId === own.windowId) - (a.windowId === own.windowId)
                         || (b.lastAccessed ?? 0) - (a.lastAccessed ?? 0))[0].id))",
                Vec::new(),
            )
            .await?;
        self.open(&format!("{address}?tab={tab}")).await?;
        Ok(page)
    }

    /// What the open popup shows, read by the attributes that its contract fixes. `None` while it is still filling.
    ///
    /// # Errors
    /// A page that is none.
    pub async fn popup_content(&self) -> Result<Option<Shown>> {
        let script = r#"
            const main = document.querySelector("main");
            if (!main || main.getAttribute("aria-busy") === "true") return null;
            const words = (element) => element?.textContent.trim().replace(/\s+/g, " ") ?? "";
            const answers = (root) => [...root.querySelectorAll("[data-question][data-grade]")].map((answer) => ({
                question: answer.dataset.question,
                grade: answer.dataset.grade,
                findings: [...answer.querySelectorAll("[data-finding]")].map((finding) => ({
                    code: finding.dataset.finding, points: finding.dataset.points, text: words(finding),
                })),
            }));
            const offers = [...document.querySelectorAll("[data-offer]")].map((offer) => ({
                title: words(offer.querySelector("h2")), answers: answers(offer),
            }));
            const room = [...document.querySelectorAll("main > :not([data-offer])")].flatMap(answers);
            return { offers, room, unread: document.querySelectorAll(".unread [data-part='lines'] > *").length };
        "#;
        let content = self.run(script, Vec::new()).await?;
        Ok(if content.is_null() { None } else { Some(serde_json::from_value(content)?) })
    }

    /// Closes the current tab and goes to another.
    ///
    /// # Errors
    /// A window that is gone.
    pub async fn close_tab(&self, back_to: WindowHandle) -> Result<()> {
        self.driver.close_window().await?;
        self.driver.switch_to_window(back_to).await?;
        Ok(())
    }

    /// Saves a picture of the visible part of the page.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub async fn screenshot(&self, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        self.driver.screenshot(path).await?;
        Ok(())
    }

    /// Makes the system look dark or light to every page from now on.
    ///
    /// # Errors
    /// A browser that refuses.
    pub async fn set_dark(&self, dark: bool) -> Result<()> {
        self.dark.store(dark, Ordering::Relaxed);
        match self.kind {
            Kind::Chromium => self.paint().await,
            Kind::Firefox => {
                let script = "Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', \
                              arguments[0] ? 0 : 1)";
                self.run_in_browser(script, vec![json!(dark)]).await.map(drop)
            }
        }
    }

    /// Stops the background (service worker or event page), as the browser does after idling.
    ///
    /// # Errors
    /// A browser that refuses, or a background that goes on.
    pub async fn stop_background(&self) -> Result<()> {
        match self.kind {
            Kind::Chromium => {
                let page = self.driver.window().await?;
                // Workers belong to the storage of their own pages: the command must come from one of those.
                let own = self.driver.new_tab().await?;
                self.driver.switch_to_window(own).await?;
                self.driver.goto(self.extension_url("manifest.json")?).await?;
                let cdp = self.driver.cdp();
                cdp.send_raw("ServiceWorker.enable", json!({})).await?;
                cdp.send_raw("ServiceWorker.stopAllWorkers", json!({})).await?;
                self.stopped().await?;
                // That the tab is closed wakes a new worker, which knows nothing.
                return self.close_tab(page).await;
            }
            Kind::Firefox => {
                let script = "return WebExtensionPolicy.getByID(arguments[0]).extension\
                              .terminateBackground({ ignoreDevToolsAttached: true }).then(() => true)";
                self.run_in_browser(script, vec![json!(GECKO_ID)]).await?;
            }
        }
        self.stopped().await
    }

    async fn stopped(&self) -> Result<()> {
        self.wait_for("the background to stop", async || Ok((!self.background_runs().await?).then_some(()))).await
    }

    /// Whether the background is running now.
    ///
    /// # Errors
    /// A browser that does not say.
    pub async fn background_runs(&self) -> Result<bool> {
        match self.kind {
            Kind::Chromium => {
                let own = self.extension_url("")?;
                let targets = self.driver.cdp().send_raw("Target.getTargets", json!({})).await?;
                let targets = targets.get("targetInfos").and_then(Value::as_array).cloned().unwrap_or_default();
                Ok(targets.iter().any(|target| {
                    let text = |key: &str| target.get(key).and_then(Value::as_str).unwrap_or_default();
                    text("type") == "service_worker" && text("url").starts_with(&own)
                }))
            }
            Kind::Firefox => {
                let script = "return WebExtensionPolicy.getByID(arguments[0]).extension.backgroundState";
                Ok(self.run_in_browser(script, vec![json!(GECKO_ID)]).await? == json!("running"))
            }
        }
    }

    /// Every element with the name of Soi's badge, in document order, the page's own included.
    ///
    /// # Errors
    /// A page that does not answer.
    pub async fn badges(&self) -> Result<Vec<Badge>> {
        match self.kind {
            Kind::Chromium => self.badges_by_protocol().await,
            Kind::Firefox => self.badges_by_shadow_root().await,
        }
    }

    /// Presses a point of the visible part of the page with the mouse.
    ///
    /// # Errors
    /// A point outside it.
    pub async fn click_at(&self, x: f64, y: f64) -> Result<()> {
        self.driver.action_chain().move_to(x.round() as i64, y.round() as i64).click().perform().await?;
        Ok(())
    }

    /// Presses Soi's button in Firefox's toolbar, which lets it into the current tab, and closes what it opens.
    /// Chromium offers no driver that press: see [`Options::let_into`].
    ///
    /// # Errors
    /// A browser without the button.
    pub async fn press_toolbar_button(&self) -> Result<()> {
        let script = "const { ExtensionParent } = \
                ChromeUtils.importESModule('resource://gre/modules/ExtensionParent.sys.mjs');
            const { extension } = WebExtensionPolicy.getByID(arguments[0]);
            const window = Services.wm.getMostRecentWindow('navigator:browser');
            ExtensionParent.apiManager.global.browserActionFor(extension).triggerAction(window);
            return new Promise((done) => window.setTimeout(() => {
                for (const panel of window.document.querySelectorAll('panel')) panel.hidePopup();
                done();
            }, 300))";
        self.run_in_browser(script, vec![json!(GECKO_ID)]).await.map(drop)
    }

    /// Opens a private window of Firefox and goes there. Chromium offers no driver one in which extensions run.
    ///
    /// # Errors
    /// A window that does not open.
    pub async fn go_private(&self) -> Result<()> {
        let before = self.driver.windows().await?;
        let script = "Services.wm.getMostRecentWindow('navigator:browser').OpenBrowserWindow({ private: true })";
        self.run_in_browser(script, Vec::new()).await?;
        let private = self
            .wait_for("a private window", async || {
                Ok(self.driver.windows().await?.into_iter().find(|window| !before.contains(window)))
            })
            .await?;
        self.driver.switch_to_window(private).await?;
        // Its first page comes after the window, and would take the place of what is opened meanwhile.
        self.wait_for("the private window's own page", async || {
            let is_there = self.driver.current_url().await?.as_str() == "about:privatebrowsing";
            Ok((is_there && self.run("return document.readyState", Vec::new()).await? == "complete").then_some(()))
        })
        .await
    }

    /// Ends the browser and its driver.
    ///
    /// # Errors
    /// A browser that is gone already.
    pub async fn quit(self) -> Result<()> {
        let Self { driver, mut process, .. } = self;
        driver.quit().await?;
        process.kill().await?;
        Ok(())
    }

    async fn install(&self, package: &Path, in_private: bool) -> Result<String> {
        let manifest = package.join("manifest.json");
        let text = std::fs::read_to_string(&manifest)
            .with_context(|| format!("{} cannot be read: run `cargo xtask build` first", manifest.display()))?;
        match self.kind {
            // Loaded by a switch at the start.
            Kind::Chromium => chromium_id(&serde_json::from_str(&text)?),
            Kind::Firefox => {
                let body = json!({ "path": package, "temporary": true, "allowPrivateBrowsing": in_private });
                self.command(Method::POST, "/moz/addon/install", Some(body)).await?;
                Ok(GECKO_UUID.to_owned())
            }
        }
    }

    /// Makes the window as large as its inside must be. No window is as narrow as a phone: there the current tab is.
    ///
    /// # Errors
    /// A browser that refuses.
    pub async fn fit(&self, size: (u32, u32)) -> Result<()> {
        let (width, height) = size;
        self.narrow(None).await?;
        self.driver.set_window_rect(0, 0, width, height).await?;
        let inside = self.run("return [innerWidth, innerHeight]", Vec::new()).await?;
        let (inner_width, inner_height): (u32, u32) = serde_json::from_value(inside)?;
        let (width, height) = (width * 2 - inner_width.min(width), height * 2 - inner_height.min(height));
        self.driver.set_window_rect(0, 0, width, height).await?;
        if self.run("return innerWidth", Vec::new()).await? != json!(size.0) {
            self.narrow(Some(size)).await?;
        }
        Ok(())
    }

    /// Lays the current tab out in a size of its own, or in its window's again.
    async fn narrow(&self, size: Option<(u32, u32)>) -> Result<()> {
        match (self.kind, size) {
            (Kind::Chromium, Some((width, height))) => {
                let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 0, "mobile": false });
                self.driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", metrics).await.map(drop)?;
            }
            (Kind::Chromium, None) => {
                self.driver.cdp().send_raw("Emulation.clearDeviceMetricsOverride", json!({})).await.map(drop)?;
            }
            (Kind::Firefox, _) => {
                let script = "const [size] = arguments;
                    const { style } = Services.wm.getMostRecentWindow('navigator:browser').gBrowser.selectedBrowser;
                    for (const [at, side] of ['width', 'height'].entries()) {
                        style.setProperty(`min-${side}`, size ? '0' : '');
                        style.setProperty(`max-${side}`, size ? `${size[at]}px` : '');
                    }";
                self.run_in_browser(script, vec![json!(size)]).await.map(drop)?;
            }
        }
        Ok(())
    }

    /// Applies the wished colour scheme to the current tab, where the browser knows it a tab at a time.
    async fn paint(&self) -> Result<()> {
        if self.kind == Kind::Chromium {
            let value = if self.dark.load(Ordering::Relaxed) { "dark" } else { "light" };
            let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
            self.driver.cdp().send_raw("Emulation.setEmulatedMedia", features).await?;
        }
        Ok(())
    }

    /// Runs a script in Firefox's own window rather than in the page. What it promises is waited for.
    ///
    /// # Errors
    /// A script that throws, or that takes longer than a page's may.
    pub async fn run_in_browser(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        self.command(Method::POST, "/moz/context", Some(json!({ "context": "chrome" }))).await?;
        let returned = self.run(script, arguments).await;
        self.command(Method::POST, "/moz/context", Some(json!({ "context": "content" }))).await?;
        returned
    }

    async fn badges_by_protocol(&self) -> Result<Vec<Badge>> {
        let cdp = self.driver.cdp();
        let document = cdp.send_raw("DOM.getDocument", json!({ "depth": -1, "pierce": true })).await?;
        let mut found = Vec::new();
        visit(at(&document, "root"), &mut |node| {
            if at(node, "nodeName").as_str() == Some("SOI-BADGE") {
                found.push(node.clone());
            }
        });
        let mut badges = Vec::new();
        for node in found {
            let shape = cdp.send_raw("DOM.getBoxModel", json!({ "nodeId": at(&node, "nodeId") })).await;
            // Four corners from the top left, clockwise. An element that is not drawn has none.
            let corners: Vec<f64> = (shape.ok().as_ref())
                .and_then(|shape| at(at(shape, "model"), "border").as_array())
                .map(|corners| corners.iter().filter_map(Value::as_f64).collect())
                .unwrap_or_default();
            let corner = |place: usize| corners.get(place).copied().unwrap_or(0.0);
            let (mut closed, mut labels, mut texts) = (false, Vec::new(), Vec::new());
            for root in at(&node, "shadowRoots").as_array().into_iter().flatten() {
                closed |= at(root, "shadowRootType").as_str() == Some("closed");
                visit(root, &mut |node| {
                    let attributes = at(node, "attributes").as_array().map_or(&[][..], Vec::as_slice);
                    let label = attributes.chunks(2).find(|pair| pair.first() == Some(&json!("aria-label")));
                    labels.extend(label.and_then(|pair| pair.get(1)?.as_str()).map(str::to_owned));
                    if at(node, "nodeName").as_str() == Some("#text") {
                        texts.extend(at(node, "nodeValue").as_str().map(|text| text.trim().to_owned()));
                    }
                });
            }
            texts.retain(|text| !text.is_empty());
            badges.push(Badge {
                x: corner(0),
                y: corner(1),
                width: corner(4) - corner(0),
                height: corner(5) - corner(1),
                closed,
                labels,
                text: texts.join(" "),
            });
        }
        Ok(badges)
    }

    async fn badges_by_shadow_root(&self) -> Result<Vec<Badge>> {
        let hosts = self.driver.find_all(thirtyfour::By::Css("soi-badge")).await?;
        let mut badges = Vec::new();
        for host in hosts {
            let shadow = self.command(Method::GET, &format!("/element/{}/shadow", host.element_id()), None).await;
            let root = shadow.ok().filter(|root| root.get(SHADOW_KEY).is_some()).unwrap_or(Value::Null);
            let script = "const [host, root] = arguments;
                const box = host.getBoundingClientRect(), labels = [], texts = [];
                if (root) {
                    for (const element of root.querySelectorAll('[aria-label]')) labels.push(element.ariaLabel);
                    const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
                    while (walk.nextNode()) if (walk.currentNode.data.trim()) texts.push(walk.currentNode.data.trim());
                }
                const closed = root !== null && host.shadowRoot === null;
                return [box.x, box.y, box.width, box.height, closed, labels, texts.join(' ')]";
            let read = self.run(script, vec![host.to_json()?, root]).await?;
            let (x, y, width, height, closed, labels, text) = serde_json::from_value(read)?;
            badges.push(Badge { x, y, width, height, closed, labels, text });
        }
        Ok(badges)
    }

    async fn command(&self, method: Method, endpoint: &str, body: Option<Value>) -> Result<Value> {
        let command = DriverCommand { method, endpoint: endpoint.into(), body };
        let answer = self.driver.cmd(Command::ExtensionCommand(Box::new(command))).await?;
        Ok(answer.value_json()?)
    }
}

/// A command that the WebDriver client does not know.
#[derive(Debug)]
struct DriverCommand {
    method: Method,
    endpoint: Arc<str>,
    body: Option<Value>,
}

impl ExtensionCommand for DriverCommand {
    fn parameters_json(&self) -> Option<Value> {
        self.body.clone()
    }

    fn method(&self) -> Method {
        self.method.clone()
    }

    fn endpoint(&self) -> Arc<str> {
        Arc::clone(&self.endpoint)
    }
}

fn at<'v>(value: &'v Value, key: &str) -> &'v Value {
    value.get(key).unwrap_or(&Value::Null)
}

fn visit(node: &Value, look: &mut impl FnMut(&Value)) {
    look(node);
    for key in ["shadowRoots", "children"] {
        for child in at(node, key).as_array().into_iter().flatten() {
            visit(child, look);
        }
    }
    if at(node, "contentDocument").is_object() {
        visit(at(node, "contentDocument"), look);
    }
}

/// The id that Chromium derives from the manifest's public key.
fn chromium_id(manifest: &Value) -> Result<String> {
    let key = at(manifest, "key").as_str().context("the Chromium manifest has no \"key\", so its id is not fixed")?;
    let key = base64::engine::general_purpose::STANDARD.decode(key)?;
    let hash = Sha256::digest(key);
    let letter = |nibble: u8| char::from(b'a' + nibble);
    Ok(hash.iter().take(16).flat_map(|byte| [letter(byte >> 4), letter(byte & 15)]).collect())
}

fn chromium_capabilities(binary: &Path, server: &Server, options: &Options, profile: &Path) -> Value {
    let mut switches = vec![
        "--no-sandbox".to_owned(),
        "--disable-gpu".to_owned(),
        "--no-first-run".to_owned(),
        "--disable-background-networking".to_owned(),
        "--disable-component-update".to_owned(),
        "--disable-sync".to_owned(),
        "--ignore-certificate-errors".to_owned(),
        "--hide-scrollbars".to_owned(),
        format!("--lang={}", options.lang),
        format!("--proxy-server=http://{}", server.proxy()),
        format!("--user-data-dir={}", profile.display()),
        format!("--window-size={},{}", options.size.0, options.size.1),
        format!("--force-device-scale-factor={}", options.scale),
    ];
    if options.headless {
        switches.push("--headless=new".to_owned());
    }
    if let Some(package) = &options.package {
        switches.push(format!("--load-extension={}", package.display()));
    }
    json!({
        "browserName": "chrome",
        "acceptInsecureCerts": true,
        "goog:chromeOptions": {
            "binary": binary,
            "args": switches,
            "prefs": { "intl.accept_languages": options.lang },
        },
    })
}

fn firefox_capabilities(binary: &Path, server: &Server, options: &Options) -> Value {
    let proxy = server.proxy();
    let mut prefs = json!({
        "network.proxy.type": 1,
        "network.proxy.ssl": proxy.ip().to_string(),
        "network.proxy.ssl_port": proxy.port(),
        "network.proxy.http": proxy.ip().to_string(),
        "network.proxy.http_port": proxy.port(),
        "network.stricttransportsecurity.preloadlist": false,
        "security.cert_pinning.enforcement_level": 0,
        "extensions.webextensions.uuids": json!({ GECKO_ID: GECKO_UUID }).to_string(),
        "layout.css.devPixelsPerPx": options.scale.to_string(),
        "layout.css.prefers-color-scheme.content-override": 1,
        "intl.accept_languages": options.lang,
        "intl.locale.requested": options.lang,
    });
    if let (Some(idle), Some(prefs)) = (options.idle, prefs.as_object_mut()) {
        let idle = u64::try_from(idle.as_millis()).unwrap_or(u64::MAX);
        prefs.insert("extensions.background.idle.timeout".to_owned(), json!(idle));
    }
    let arguments: &[&str] = if options.headless { &["-headless"] } else { &[] };
    json!({
        "browserName": "firefox",
        "acceptInsecureCerts": true,
        "moz:firefoxOptions": { "binary": binary, "args": arguments, "prefs": prefs },
    })
}

fn as_capabilities(value: Value) -> Result<Capabilities> {
    serde_json::from_value(value).context("capabilities are an object")
}

/// A copy of a package that may read one more site.
fn let_into(package: &Path, site: &str, copy: &Path) -> Result<PathBuf> {
    copy_folder(package, copy)?;
    let path = copy.join("manifest.json");
    let mut manifest: Value = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
    let sites = manifest.get_mut("host_permissions").and_then(Value::as_array_mut);
    sites.context("the manifest asks for no sites")?.push(json!(site));
    std::fs::write(&path, manifest.to_string())?;
    Ok(copy.to_owned())
}

/// Copies a folder with all that is in it.
///
/// # Errors
/// A file that cannot be read or written.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    let entries = std::fs::read_dir(from)
        .with_context(|| format!("{} cannot be read: run the `cargo xtask` command that builds it", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Starts the browser's driver; it ends with the handle.
fn start_driver(kind: Kind, port: u16, profile: &Path) -> Result<Child> {
    let name = match kind {
        Kind::Chromium => "chromedriver",
        Kind::Firefox => "geckodriver",
    };
    let mut command = tokio::process::Command::new(find_program(&[name])?);
    command.arg(format!("--port={port}"));
    if kind == Kind::Firefox {
        // Without it Firefox opens no page of an extension in a test.
        command.arg("--allow-system-access").arg(format!("--websocket-port={}", free_port()?));
        command.arg(format!("--profile-root={}", profile.display()));
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    command.spawn().with_context(|| format!("{name} did not start"))
}

/// The first of several programs on `PATH`, of the system, or among the tools that `cargo xtask` installed.
fn find_program(names: &[&str]) -> Result<PathBuf> {
    let mut folders: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    folders.push(PathBuf::from("/usr/bin"));
    folders.push(workspace().join("target/tools/bin"));
    (names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))))
        .find(|file| file.is_file())
        .with_context(|| format!("{} is neither on PATH nor in target/tools/bin", names.join(", ")))
}

fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

async fn wait_for_port(port: u16) -> Result<()> {
    let started = Instant::now();
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        if started.elapsed() > PATIENCE {
            bail!("the driver does not answer on port {port}");
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_follows_from_the_key() {
        // The id of an empty key: SHA-256 of nothing, e3b0c442 98fc1c14 9afbf4c8 996fb924.
        let id = chromium_id(&json!({ "key": "" })).unwrap();
        assert_eq!(id, "odlameecjipmbmbejkplpemijjgpljce");
        assert!(chromium_id(&json!({})).is_err());
    }

    #[test]
    fn makers_hosts_are_theirs_and_nobody_elses() {
        assert!(is_makers_host("update.googleapis.com"));
        assert!(is_makers_host("mozilla.org"));
        assert!(!is_makers_host("notmozilla.org"));
        assert!(!is_makers_host("www.tiktok.com"));
    }
}
