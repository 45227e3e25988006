//! The local test pages: routes, goods and templates of `www/`.
//!
//! A page has the shape of a real one and invented contents. `www/routes.toml` says which page stands at
//! which address; `www/goods.toml` what is sold there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, context};
use serde::{Deserialize, Serialize};

use crate::dates;

/// Folder of every address that serves shared files (`/_/shared/timeline.js`), on every host.
pub const FILES: &str = "/_/";

/// Host of the label check, as the build leaves it in `target/www-label`.
pub const LABEL_HOST: &str = "nhan.soi.example";

/// Most bytes that one page may ask to be filled with.
const MAX_FILL: usize = 16 * 1024 * 1024;

/// Every page, ready to be rendered.
pub struct Site {
    root: PathBuf,
    /// The moment of `goods.toml`, and how much later it is meant to be.
    now: i64,
    later: i64,
    goods: Goods,
    routes: Vec<Route>,
    templates: Environment<'static>,
}

/// One address and the page that stands there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Stable name, by which tests ask for it.
    pub name: String,
    /// Host.
    pub host: String,
    /// Path and query. `{id}`, `{slug}`, `{shop}`, `{handle}`, `{room}`, `{video}` are filled in when loaded.
    pub path: String,
    /// Template, below `www/`. Its folder is the platform.
    pub template: String,
    /// What it is there for.
    pub role: Role,
    /// What can be seen there.
    pub shows: String,
    /// The page without the problem, or with it.
    #[serde(default)]
    pub twin: Option<String>,
    /// The ordinary page that a hard page must be read like.
    #[serde(default)]
    pub same_as: Option<String>,
    /// The product, on a product page.
    #[serde(default)]
    pub good: Option<String>,
    /// The product that an in-page navigation leads to.
    #[serde(default)]
    pub next: Option<String>,
    /// The room, on a live page.
    #[serde(default)]
    pub room: Option<String>,
    /// The products of a list, in order.
    #[serde(default)]
    pub goods: Vec<String>,
    /// Switches of the template.
    #[serde(default)]
    pub with: Switches,
    /// Response headers beside the content type.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Status.
    #[serde(default = "ok")]
    pub status: u16,
}

fn ok() -> u16 {
    200
}

/// What a template can do differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Switches {
    /// Carry the data blocks that the server writes.
    pub data: bool,
    /// Show a basket or shelf, where the room has goods.
    pub basket: bool,
    /// TikTok Shop: key of the product's block in the loader's data.
    pub loader: String,
    /// Fill a live page up to so many elements.
    pub elements: u32,
    /// Batches that an endless list has left.
    pub batches: u32,
    /// What the page does to badges.
    pub hostile: Option<Hostility>,
    /// How the JSON-LD is written.
    pub jsonld: JsonLd,
    /// How a shop of its own writes its product's data.
    pub markup: Markup,
    /// Which wall it is.
    pub wall: Option<Wall>,
    /// Where an in-page navigation leads, when not to a product.
    pub next_path: Option<String>,
    /// When the profile's account was made, seconds since 1970.
    pub created: i64,
    /// Whether the profile's account sells.
    pub seller: bool,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            data: true,
            basket: true,
            loader: "(region)/pdp/(product_name_slug$)/(product_id)/page".to_owned(),
            elements: 0,
            batches: 5,
            hostile: None,
            jsonld: JsonLd::Plain,
            markup: Markup::None,
            wall: None,
            next_path: None,
            created: 0,
            seller: false,
        }
    }
}

/// What a page does to badges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hostility {
    /// Defines an element of the same name.
    OwnBadge,
    /// Removes them.
    RemoveBadges,
    /// Hides them.
    HideBadges,
}

/// How JSON-LD is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JsonLd {
    /// As usual.
    Plain,
    /// Ten megabytes long.
    Huge,
    /// Twenty thousand levels deep.
    Deep,
    /// With `__proto__` and the like as keys.
    Proto,
    /// Cut off in the middle.
    Broken,
}

/// How a shop of its own writes its product's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Markup {
    /// JSON-LD and OpenGraph.
    JsonLd,
    /// Microdata.
    Microdata,
    /// OpenGraph alone.
    OpenGraph,
    /// Only what is drawn.
    None,
}

/// Walls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wall {
    /// Log in first.
    Login,
    /// Solve a puzzle first.
    Captcha,
    /// Too much traffic.
    Traffic,
    /// Not sold here.
    Region,
}

/// What a page is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Something must be found. Has a clean twin.
    Problem,
    /// The twin without it.
    Clean,
    /// Several products, of both sorts.
    Mixed,
    /// Nothing may be drawn.
    Silent,
    /// Hostile or costly.
    Hard,
    /// A frame of another page.
    Frame,
}

/// A page as it goes over the wire.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

/// What the pages sell and who sells it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goods {
    /// The moment from which ages are counted.
    pub now: String,
    /// The account that is looking. Nothing of it may enter a snapshot.
    pub viewer: BTreeMap<String, String>,
    /// Shops by key.
    pub shops: BTreeMap<String, Shop>,
    /// Products by key.
    pub goods: BTreeMap<String, Good>,
    /// Hosts by key.
    pub hosts: BTreeMap<String, Host>,
    /// Live rooms by key.
    pub rooms: BTreeMap<String, Room>,
    /// What is said in a room, by key.
    pub scripts: BTreeMap<String, Script>,
}

/// A shop.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shop {
    /// Id on the platform.
    pub id: String,
    /// Name.
    pub name: String,
    /// Name in addresses.
    pub username: String,
    /// When it opened.
    pub opened: String,
    /// Rating, 0–5.
    pub rating: f64,
    /// Who rated it.
    pub ratings: Ratings,
    /// Followers.
    pub followers: u64,
    /// Products on sale.
    pub items: u64,
    /// Products sold.
    pub sold: u64,
    /// Chats answered, percent.
    pub response: u64,
    /// Where it ships from.
    #[serde(default)]
    pub location: Option<String>,
    /// Mall badge.
    pub official: bool,
    /// Verified badge.
    pub verified: bool,
}

/// Ratings of a shop.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratings {
    /// Good ones.
    pub good: u64,
    /// Middling ones.
    pub normal: u64,
    /// Bad ones.
    pub bad: u64,
}

/// A product.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Good {
    /// The product without, or with, the thing that the pair shows.
    #[serde(default)]
    pub twin: Option<String>,
    /// Four digits from which every platform's id is made.
    pub number: String,
    /// Name in addresses.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Brand.
    pub brand: String,
    /// Key of its shop.
    pub shop: String,
    /// Categories, widest first.
    pub category: Vec<String>,
    /// Price, đồng.
    pub price: u64,
    /// Struck-through price, đồng.
    pub list_price: u64,
    /// Units sold.
    pub sold: u64,
    /// Rating, 0–5.
    pub rating: f64,
    /// How many gave one to five stars.
    pub scores: [u64; 5],
    /// Origin as stated.
    #[serde(default)]
    pub origin: Option<String>,
    /// Origin of the brand as stated.
    #[serde(default)]
    pub brand_origin: Option<String>,
    /// Responsible organisation.
    #[serde(default)]
    pub responsible_name: Option<String>,
    /// Its address.
    #[serde(default)]
    pub responsible_address: Option<String>,
    /// Barcode.
    #[serde(default)]
    pub gtin: Option<String>,
    /// Warranty.
    pub warranty: String,
    /// Paragraphs.
    pub description: Vec<String>,
    /// Further label and value pairs.
    pub properties: Vec<[String; 2]>,
    /// Shape of its picture.
    pub picture: String,
    /// Colour of its picture.
    pub colour: String,
}

/// A host.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// Public handle.
    pub handle: String,
    /// Displayed name.
    pub name: String,
    /// Verified by the platform.
    pub verified: bool,
    /// Followers.
    pub followers: u64,
    /// Line below the name.
    pub signature: String,
}

/// A live room.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Room {
    /// The room without, or with, the thing that the pair shows.
    #[serde(default)]
    pub twin: Option<String>,
    /// Its id.
    pub id: String,
    /// Its id where videos have eleven-letter ones.
    pub video: String,
    /// Key of its host; absent: the page names nobody.
    #[serde(default)]
    pub host: Option<String>,
    /// Title.
    pub title: String,
    /// When it began.
    pub started: String,
    /// Viewers.
    pub watching: u64,
    /// Its basket, in order.
    pub goods: Vec<String>,
    /// Key of what is said.
    pub script: String,
}

/// What is said and shown in a room.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// A flood of viewers' lines.
    #[serde(default)]
    pub flood: Option<Flood>,
    /// Events in order.
    pub lines: Vec<Event>,
}

/// A flood of lines.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flood {
    /// Lines a second.
    pub per_second: u32,
    /// Seconds.
    pub seconds: u32,
    /// Texts, in turn.
    pub text: Vec<String>,
}

/// One thing that happens in a room.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// Milliseconds after the page opened.
    pub at: u64,
    /// What happens.
    pub what: What,
    /// Who speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Who>,
    /// The words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Place in the basket, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good: Option<usize>,
}

/// Kinds of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A line in the chat.
    Chat,
    /// A recognised sentence.
    Caption,
    /// A product is pinned.
    Pin,
    /// Nothing is pinned any more.
    Unpin,
    /// A product leaves the basket.
    Vanish,
}

/// Speakers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Who {
    /// The host of the room.
    Host,
    /// Somebody watching.
    Viewer,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RouteTable {
    route: Vec<Route>,
}

impl Site {
    /// Reads `www/` of this workspace.
    ///
    /// # Errors
    /// A table or template that cannot be read; a name that leads nowhere.
    pub fn load() -> Result<Self> {
        Self::load_from(&workspace().join("www"))
    }

    /// Reads the pages of a folder.
    ///
    /// # Errors
    /// As [`Site::load`].
    pub fn load_from(root: &Path) -> Result<Self> {
        let goods: Goods = read_toml(&root.join("goods.toml"))?;
        let table: RouteTable = read_toml(&root.join("routes.toml"))?;
        let now = dates::unix_seconds(&goods.now)?;
        let mut site =
            Self { root: root.to_owned(), now, later: 0, goods, routes: Vec::new(), templates: templates(root)? };
        for mut route in table.route {
            route.path = site.fill_in(&route)?;
            site.routes.push(route);
        }
        Ok(site)
    }

    /// The same pages as they would stand on another day: every date moves along, every age stays.
    #[must_use]
    pub fn at(mut self, now: i64) -> Self {
        self.later = (now - self.now).div_euclid(dates::DAY) * dates::DAY;
        self
    }

    /// By how many days the pages were moved.
    pub fn days_later(&self) -> i64 {
        self.later / dates::DAY
    }

    /// Every route, in the order of the table.
    pub fn routes(&self) -> &[Route] {
        &self.routes
    }

    /// What the pages sell.
    pub fn goods(&self) -> &Goods {
        &self.goods
    }

    /// The moment from which ages are counted, seconds since 1970.
    pub fn now(&self) -> i64 {
        self.now + self.later
    }

    /// Texts of the looking account, none of which may enter a snapshot.
    pub fn viewer_marks(&self) -> impl Iterator<Item = &str> {
        self.goods.viewer.values().map(String::as_str)
    }

    /// Hosts that the pages stand on.
    pub fn hosts(&self) -> BTreeSet<&str> {
        self.routes.iter().map(|route| route.host.as_str()).chain([LABEL_HOST]).collect()
    }

    /// A route by name.
    ///
    /// # Errors
    /// No such route.
    pub fn route(&self, name: &str) -> Result<&Route> {
        (self.routes.iter().find(|route| route.name == name))
            .with_context(|| format!("www/routes.toml has no route \"{name}\""))
    }

    /// Address of a route.
    ///
    /// # Errors
    /// No such route.
    pub fn url(&self, name: &str) -> Result<String> {
        Ok(self.route(name)?.url())
    }

    /// What happens in the room of a route.
    ///
    /// # Errors
    /// No such route, or one without a room.
    pub fn script(&self, route: &str) -> Result<&Script> {
        let room = self.route(route)?.room.as_ref().and_then(|key| self.goods.rooms.get(key));
        let room = room.with_context(|| format!("route \"{route}\" has no room"))?;
        self.goods.scripts.get(&room.script).with_context(|| format!("no script \"{}\"", room.script))
    }

    /// The route at an address. A request may carry more query than the route names (`?speed=0`);
    /// the route that names most of it counts.
    pub fn find(&self, host: &str, path_and_query: &str) -> Option<&Route> {
        let (path, query) = split_query(path_and_query);
        let given: Vec<&str> = query.split('&').collect();
        let named = |route: &Route| -> Option<usize> {
            let (route_path, route_query) = split_query(&route.path);
            let wanted: Vec<&str> = route_query.split('&').filter(|pair| !pair.is_empty()).collect();
            let all = route.host == host && route_path == path && wanted.iter().all(|pair| given.contains(pair));
            all.then_some(wanted.len())
        };
        (self.routes.iter())
            .filter_map(|route| Some((named(route)?, route)))
            .max_by_key(|(pairs, _)| *pairs)
            .map(|(_, route)| route)
    }

    /// Renders a route's page.
    ///
    /// # Errors
    /// A template that fails, with the line at which it does.
    pub fn render(&self, route: &Route) -> Result<Rendered> {
        let platform = route.platform();
        let template = self.templates.get_template(&route.template)?;
        let good = |key: &Option<String>| key.as_ref().map(|key| self.good(key, platform)).transpose();
        let room = (route.room.as_ref()).map(|key| self.room(key, platform)).transpose()?;
        let listed: Vec<Value> = (route.goods.iter()).map(|key| self.good(key, platform)).collect::<Result<_>>()?;
        let body = template
            .render(context! {
                now => self.now(),
                later => self.later,
                route => serialized(route),
                url => route.url(),
                good => good(&route.good)?,
                next => good(&route.next)?,
                goods => listed,
                room => room,
                viewer => serialized(&self.goods.viewer),
                with => serialized(&route.with),
            })
            .with_context(|| format!("{} of route \"{}\"", route.template, route.name))?;
        let mut headers = vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())];
        headers.extend(route.headers.iter().map(|(name, value)| (name.clone(), value.clone())));
        Ok(Rendered { status: route.status, headers, body: body.into_bytes() })
    }

    /// A file below [`FILES`]: styles, scripts, and the pictures drawn for each product.
    ///
    /// # Errors
    /// A file that is there and cannot be read.
    pub fn file(&self, path: &str) -> Result<Option<Rendered>> {
        let Some(name) = path.strip_prefix(FILES) else {
            return Ok(None);
        };
        if let Some(key) = name.strip_prefix("picture/").and_then(|name| name.strip_suffix(".svg")) {
            let Some(good) = self.goods.goods.get(key) else {
                return Ok(None);
            };
            let drawn = self.templates.get_template("shared/picture.svg")?.render(context! {
                shape => good.picture.as_str(),
                colour => good.colour.as_str(),
            })?;
            return Ok(Some(served("image/svg+xml", drawn.into_bytes())));
        }
        let kind = match name.rsplit_once('.') {
            Some((_, "css")) => "text/css; charset=utf-8",
            Some((_, "js")) => "text/javascript; charset=utf-8",
            Some((_, "svg")) => "image/svg+xml",
            _ => return Ok(None),
        };
        served_from(&self.root, name, kind)
    }

    /// A file of the label check, at [`LABEL_HOST`].
    ///
    /// # Errors
    /// A file that is there and cannot be read.
    pub fn label_file(&self, path_and_query: &str) -> Result<Option<Rendered>> {
        let name = match split_query(path_and_query).0 {
            "/" => "index.html",
            path => path.trim_start_matches('/'),
        };
        let kind = match name.rsplit_once('.') {
            Some((_, "html")) => "text/html; charset=utf-8",
            Some((_, "css")) => "text/css; charset=utf-8",
            Some((_, "js")) => "text/javascript; charset=utf-8",
            Some((_, "wasm")) => "application/wasm",
            Some((_, "webmanifest")) => "application/manifest+json",
            Some((_, "png")) => "image/png",
            _ => "application/octet-stream",
        };
        served_from(&workspace().join("target/www-label"), name, kind)
    }

    /// A product as a platform's templates see it.
    fn good(&self, key: &str, platform: &str) -> Result<Value> {
        let good = (self.goods.goods.get(key)).with_context(|| format!("www/goods.toml has no good \"{key}\""))?;
        let shop =
            (self.goods.shops.get(&good.shop)).with_context(|| format!("good \"{key}\": no shop \"{}\"", good.shop))?;
        let opened = dates::unix_seconds(&shop.opened)? + self.later;
        let rated = shop.ratings.good + shop.ratings.normal + shop.ratings.bad;
        let labels: Vec<(&str, &str)> = [
            ("Xuất xứ", &good.origin),
            ("Xuất xứ thương hiệu", &good.brand_origin),
            ("Tên tổ chức chịu trách nhiệm sản xuất", &good.responsible_name),
            ("Địa chỉ tổ chức chịu trách nhiệm sản xuất", &good.responsible_address),
            ("Mã vạch", &good.gtin),
        ]
        .into_iter()
        .filter_map(|(label, value)| Some((label, value.as_deref()?)))
        .collect();
        Ok(context! {
            key,
            id => product_id(platform, &good.number),
            sku => product_id(platform, &good.number).chars().rev().collect::<String>(),
            picture => format!("{FILES}picture/{key}.svg"),
            rating_count => good.scores.iter().sum::<u64>(),
            discount => 100 - good.price * 100 / good.list_price.max(1),
            labels => serialized(labels),
            shop => context! {
                opened_unix => opened,
                opened_ago => dates::ago(self.now(), opened),
                rating_count => rated,
                ..serialized(shop)
            },
            ..serialized(good)
        })
    }

    fn room(&self, key: &str, platform: &str) -> Result<Value> {
        let room = (self.goods.rooms.get(key)).with_context(|| format!("www/goods.toml has no room \"{key}\""))?;
        let host = (room.host.as_ref())
            .map(|host| self.goods.hosts.get(host).with_context(|| format!("room \"{key}\": no host \"{host}\"")))
            .transpose()?;
        let script = (self.goods.scripts.get(&room.script))
            .with_context(|| format!("room \"{key}\": no script \"{}\"", room.script))?;
        let goods: Vec<Value> = (room.goods.iter()).map(|key| self.good(key, platform)).collect::<Result<_>>()?;
        Ok(context! {
            key,
            goods => goods,
            host => serialized(host),
            script => serialized(script),
            started_unix => dates::unix_seconds(&room.started)? + self.later,
            ..serialized(room)
        })
    }

    fn fill_in(&self, route: &Route) -> Result<String> {
        let mut path = route.path.clone();
        if let Some(key) = &route.good {
            let good =
                (self.goods.goods.get(key)).with_context(|| format!("route \"{}\": no good \"{key}\"", route.name))?;
            let shop = (self.goods.shops.get(&good.shop))
                .with_context(|| format!("good \"{key}\": no shop \"{}\"", good.shop))?;
            let id = product_id(route.platform(), &good.number);
            let sku: String = id.chars().rev().collect();
            let parts = [("{slug}", &good.slug), ("{id}", &id), ("{sku}", &sku), ("{shop}", &shop.id)];
            for (mark, value) in parts {
                path = path.replace(mark, value);
            }
        }
        if let Some(key) = &route.room {
            let room =
                (self.goods.rooms.get(key)).with_context(|| format!("route \"{}\": no room \"{key}\"", route.name))?;
            path = path.replace("{room}", &room.id).replace("{video}", &room.video);
            if let Some(host) = room.host.as_ref().and_then(|key| self.goods.hosts.get(key)) {
                path = path.replace("{handle}", &host.handle);
            }
        }
        if path.contains(['{', '}']) {
            bail!("route \"{}\": nothing fills in \"{path}\"", route.name);
        }
        Ok(path)
    }
}

impl Route {
    /// Folder of its template.
    pub fn platform(&self) -> &str {
        self.template.split_once('/').map_or("", |(folder, _)| folder)
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("https://{}{}", self.host, self.path)
    }
}

/// Folder of the workspace.
pub fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// A product's id in a platform's own length.
fn product_id(platform: &str, number: &str) -> String {
    let prefix = match platform {
        "tiktok" => "17301000000000",
        "lazada" => "240100",
        "tiki" => "27410",
        _ => "2401000",
    };
    format!("{prefix}{number}")
}

/// A file below a folder, when it is there.
fn served_from(folder: &Path, name: &str, kind: &str) -> Result<Option<Rendered>> {
    let is_below = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let file = folder.join(name);
    if !is_below || !file.is_file() {
        return Ok(None);
    }
    let bytes = std::fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(Some(served(kind, bytes)))
}

fn served(kind: &str, body: Vec<u8>) -> Rendered {
    Rendered { status: 200, headers: vec![("content-type".to_owned(), kind.to_owned())], body }
}

fn split_query(path_and_query: &str) -> (&str, &str) {
    path_and_query.split_once('?').unwrap_or((path_and_query, ""))
}

fn read_toml<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{}", path.display()))
}

fn serialized(value: impl Serialize) -> Value {
    Value::from(Serde(value))
}

/// Every template below `www/`, with the filters they use. A name that is not there is an error.
fn templates(root: &Path) -> Result<Environment<'static>> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    templates.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    templates.set_auto_escape_callback(|name| match name.rsplit_once('.') {
        Some((_, "html" | "svg")) => AutoEscape::Html,
        _ => AutoEscape::None,
    });
    templates.add_filter("dong", dong);
    templates.add_filter("rounded", rounded);
    templates.add_function("filling", filling);
    templates.add_function("nested", nested);
    for folder in ["shared", "tiktok", "shopee", "lazada", "tiki", "youtube", "facebook", "generic"] {
        let folder_path = root.join(folder);
        let entries =
            std::fs::read_dir(&folder_path).with_context(|| format!("{} cannot be read", folder_path.display()))?;
        for entry in entries {
            let file = entry?.path();
            let (Some(name), Some("html" | "svg")) = (
                file.file_name().and_then(|name| name.to_str()),
                file.extension().and_then(|extension| extension.to_str()),
            ) else {
                continue;
            };
            let text = std::fs::read_to_string(&file)?;
            templates
                .add_template_owned(format!("{folder}/{name}"), text)
                .with_context(|| format!("{}", file.display()))?;
        }
    }
    Ok(templates)
}

/// `1290000` as `1.290.000`.
fn dong(amount: u64) -> String {
    let digits = amount.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    grouped
}

/// A count as shop pages shorten it: `3,1k`, `1,2tr`.
fn rounded(count: u64) -> String {
    let tenths = |unit: u64, suffix: &str| match (count / unit, count % unit * 10 / unit) {
        (whole, 0) => format!("{whole}{suffix}"),
        (whole, tenth) => format!("{whole},{tenth}{suffix}"),
    };
    match count {
        0..1_000 => count.to_string(),
        1_000..1_000_000 => tenths(1_000, "k"),
        _ => tenths(1_000_000, "tr"),
    }
}

/// So many bytes of harmless text.
fn filling(bytes: usize) -> Result<String, Error> {
    const WORDS: &str = "dung tích công suất bảo hành chất liệu ";
    if bytes > MAX_FILL {
        return Err(Error::new(ErrorKind::InvalidOperation, "more filling than a page may have"));
    }
    Ok(WORDS.repeat(bytes / WORDS.len() + 1))
}

/// JSON nested so many levels deep: `{"mainEntity":{…{}}}`.
fn nested(levels: usize) -> Result<String, Error> {
    const LEVEL: &str = "{\"mainEntity\":";
    if levels > MAX_FILL / LEVEL.len() {
        return Err(Error::new(ErrorKind::InvalidOperation, "more levels than a page may have"));
    }
    Ok(format!("{}{{}}{}", LEVEL.repeat(levels), "}".repeat(levels)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_pages_write_them() {
        assert_eq!(dong(399_000), "399.000");
        assert_eq!(dong(1_290_000), "1.290.000");
        assert_eq!(dong(12), "12");
        assert_eq!(rounded(3_120), "3,1k");
        assert_eq!(rounded(1_000_000), "1tr");
        assert_eq!(rounded(61), "61");
    }

    #[test]
    fn ages_stay_when_the_moment_moves() {
        let page = |site: Site| {
            let body = site.render(site.route("shopee-lunchbox-new-shop").unwrap()).unwrap().body;
            String::from_utf8(body).unwrap()
        };
        let (here, later) = (page(Site::load().unwrap()), page(Site::load().unwrap().at(1_800_000_000)));
        assert!(here.contains("3 tuần trước") && later.contains("3 tuần trước"));
        assert_ne!(here, later);
    }

    #[test]
    fn a_request_may_carry_more_query_than_its_route() {
        let site = Site::load().unwrap();
        let route = site.route("shopee-blender-vague").unwrap();
        let found = site.find(&route.host, &format!("{}?speed=0", route.path)).unwrap();
        assert_eq!(found.name, route.name);
        assert!(site.find(&route.host, "/khong-co-trang-nay").is_none());
    }
}
