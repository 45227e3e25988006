//! Listings in a few lines each: what is written, and what must be found in it.
//!
//! `tests/cases/<question>/*.toml` holds them in pairs: one that fires, and a clean twin that differs in that one thing and
//! must stay quiet. They become snapshots of a page that says exactly that, natively and in the browsers: of any shop,
//! or of a platform where only a platform says such a thing.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use soi_core::finding::DutyState;
use soi_core::knowledge::Question;

use crate::pages::workspace;

/// When every listing is read: 2026-11-23, noon, as the recorded pages.
pub const TAKEN_AT: i64 = 1_795_435_200;
/// An address that belongs to nobody.
const URL: &str = "https://shop.example/san-pham";
/// Ids of products that nobody sells.
const SHOPEE_SHOP: &str = "101";
const SHOPEE_ID: &str = "202";
const TIKTOK_URL: &str = "https://shop.tiktok.com/vn/pdp/mon-hang/1730000000000000202";
/// Handle of a host who is on no record.
const HANDLE: &str = "bep.cuoi.ngo";
const DAY: i64 = 86_400;

/// Two listings that differ in one thing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// The question that its folder is about.
    #[serde(skip, default = "Pair::any_question")]
    pub question: Question,
    /// What that thing is, and why the clean twin may lose points where it does.
    pub about: String,
    /// The listing in which something is found.
    pub fires: Listing,
    /// The listing in which it is not.
    pub clean: Listing,
}

/// What a seller writes, and what must come of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// Title; none on a host's profile.
    #[serde(default)]
    pub title: String,
    /// Description; its lines are lines on the page.
    #[serde(default)]
    pub description: String,
    /// Category.
    #[serde(default)]
    pub category: String,
    /// Brand.
    #[serde(default)]
    pub brand: String,
    /// Shopee's id of the product: then the listing stands there.
    #[serde(default)]
    pub id: Option<String>,
    /// The property list, besides what its file gives every listing; an empty value takes one of those away.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What the origin field said when the tab showed the same product before.
    #[serde(default)]
    pub before: Option<String>,
    /// What a platform shows of the shop: then the listing stands on Shopee, or on TikTok, which counts late orders.
    #[serde(default)]
    pub shop: Option<Shop>,
    /// What TikTok shows of a host: then it is a profile, and no listing.
    #[serde(default)]
    pub host: Option<Host>,
    /// What is said in a live room on TikTok; with a title, of the one product in its basket.
    #[serde(default)]
    pub room: Option<Room>,
    /// Findings that must be there, each with its quote, exactly ("" where it rests on an absence).
    #[serde(default)]
    pub finds: BTreeMap<String, String>,
    /// Findings that must not be there; on a clean twin, by default, all that take points from the other one.
    #[serde(default)]
    pub quiet: Vec<String>,
    /// Findings that take points from a clean twin all the same.
    #[serde(default)]
    pub allows: Vec<String>,
    /// Grade of the file's question.
    #[serde(default)]
    pub grade: Option<String>,
    /// Where duties of the label stand, by field.
    #[serde(default)]
    pub duties: BTreeMap<String, DutyState>,
}

/// What a platform shows of a shop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shop {
    /// The platform's id of it.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Days since it opened.
    pub days: Option<i64>,
    /// Its rating, as written.
    pub rating: Option<String>,
    /// Its good, middling and bad ratings.
    pub ratings: Option<[u64; 3]>,
    /// How many gave the product one to five stars.
    pub stars: Option<[u64; 5]>,
    /// Followers.
    pub followers: Option<u64>,
    /// Messages answered, percent.
    pub response: Option<u64>,
    /// Orders sent in time, percent.
    pub on_time: Option<u64>,
    /// Where it is.
    pub location: Option<String>,
    /// Where the product is sent from.
    pub ships_from: Option<String>,
    /// Whether the platform calls it verified.
    pub verified: bool,
}

/// What a profile shows of a host.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Host {
    /// Its handle, when it matters who it is.
    pub handle: Option<String>,
    /// Days since the account was made.
    pub days: Option<i64>,
    /// Days since the handle was changed.
    pub handle_changed: Option<i64>,
    /// Days since the displayed name was changed.
    pub name_changed: Option<i64>,
    /// Whether the platform has verified it.
    pub verified: bool,
    /// Followers.
    pub followers: u64,
}

/// What is said in a live room.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Room {
    /// Its title.
    pub title: String,
    /// What the host types.
    pub types: Vec<String>,
    /// What is recognised of what the host says.
    pub says: Vec<String>,
    /// What viewers type.
    pub chat: Vec<String>,
    /// So many more lines of the host, which say nothing.
    pub plain: usize,
}

/// A listing and where it stands.
#[derive(Debug, Clone)]
pub struct ListingCase {
    /// File, number and side of its pair.
    pub name: String,
    /// The listing.
    pub listing: Listing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pairs {
    /// Properties that every listing of the file has.
    #[serde(default)]
    common: BTreeMap<String, String>,
    pair: Vec<Pair>,
}

impl Pair {
    fn any_question() -> Question {
        Question::Origin
    }

    /// Every pair, each with its name.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn all() -> Result<Vec<(String, Self)>> {
        let mut paths: Vec<(Question, PathBuf)> = Vec::new();
        for question in [Question::Origin, Question::Seller, Question::Host] {
            for entry in std::fs::read_dir(workspace().join("tests/cases").join(question.id()))? {
                paths.push((question, entry?.path()));
            }
        }
        paths.sort();
        let mut pairs = Vec::new();
        for (question, path) in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let file = format!("{}/{name}", question.id());
            let text = std::fs::read_to_string(&path)?;
            let read: Pairs = toml::from_str(&text).with_context(|| path.display().to_string())?;
            for (number, mut pair) in (1..).zip(read.pair) {
                pair.question = question;
                for listing in [&mut pair.fires, &mut pair.clean] {
                    for (label, value) in &read.common {
                        listing.labels.entry(label.clone()).or_insert_with(|| value.clone());
                    }
                    listing.labels.retain(|_, value| !value.is_empty());
                }
                pairs.push((format!("{file} {number}"), pair));
            }
        }
        Ok(pairs)
    }
}

impl ListingCase {
    /// Both listings of every pair.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn all() -> Result<Vec<Self>> {
        let both = |(name, pair): (String, Pair)| {
            [("fires", pair.fires), ("clean", pair.clean)]
                .map(|(side, listing)| Self { name: format!("{name} {side}"), listing })
        };
        Ok(Pair::all()?.into_iter().flat_map(both).collect())
    }

    /// Its snapshot, as JSON.
    pub fn snapshot_json(&self) -> String {
        self.listing.snapshot().to_string()
    }
}

impl Listing {
    /// A page that says exactly this.
    pub fn snapshot(&self) -> Value {
        if let Some(room) = &self.room {
            return room.snapshot(&self.title);
        }
        match (&self.host, &self.shop) {
            (Some(host), _) => host.snapshot(),
            (None, Some(shop)) if shop.on_time.is_some() => {
                self.page("tiktok", TIKTOK_URL, "tiktok.router", &self.on_tiktok(shop))
            }
            (None, Some(shop)) => self.on_shopee(shop),
            (None, None) if self.id.is_some() => self.on_shopee(&Shop::default()),
            (None, None) => self.page("schemaorg", URL, "jsonld", &self.anywhere()),
        }
    }

    fn page(&self, platform: &str, url: &str, rule: &str, data: &Value) -> Value {
        let labels = self.labels.iter().map(|(label, value)| json!({ "label": label, "value": value }));
        json!({
            "version": 1,
            "platform": platform,
            "url": url,
            "canonical": url,
            "title": self.title,
            "taken_at": TAKEN_AT,
            "blocks": [{ "rule": rule, "data": data }],
            "labels": labels.collect::<Vec<_>>(),
        })
    }

    fn anywhere(&self) -> Value {
        json!({
            "@type": "Product",
            "url": URL,
            "name": self.title,
            "description": self.description,
            "category": self.category,
            "brand": self.brand,
        })
    }

    fn on_shopee(&self, shop: &Shop) -> Value {
        let at_shop = shop.id.as_deref().unwrap_or(SHOPEE_SHOP);
        let id = self.id.as_deref().unwrap_or(SHOPEE_ID);
        let [good, normal, bad] = shop.ratings.map_or([None; 3], |ratings| ratings.map(Some));
        let count = shop.stars.map(|stars| stars.iter().sum::<u64>());
        let counts = shop.stars.map(|stars| count.into_iter().chain(stars).collect::<Vec<_>>());
        let product = json!({
            "item": { "item_id": id, "title": self.title, "description": self.description, "brand": self.brand },
            "product_review": { "rating_count": counts, "total_rating_count": count },
            "product_shipping": { "shipping_fee_info": { "ship_from_location": shop.ships_from } },
            "shop_detailed": {
                "shopid": shop.id,
                "name": shop.name,
                "ctime": shop.days.map(ago),
                "rating_star": shop.rating,
                "rating_good": good,
                "rating_normal": normal,
                "rating_bad": bad,
                "follower_count": shop.followers,
                "response_rate": shop.response,
                "shop_location": shop.location,
                "is_official_shop": false,
                "is_shopee_verified": shop.verified,
            },
        });
        let products = json!({ format!("{at_shop}/{id}"): product });
        let data =
            json!({ "initialState": { "DOMAIN_PDP": { "data": { "PDP_BFF_DATA": { "cachedMap": products } } } } });
        self.page("shopee", &format!("https://shopee.vn/mon-hang-i.{at_shop}.{id}"), "shopee.initial", &data)
    }

    fn on_tiktok(&self, shop: &Shop) -> Value {
        let product = json!({
            "product_info": { "product_model": { "product_id": "1730000000000000202", "name": self.title } },
            "shop_info": { "store_sub_score": [{ "type": 2, "score_percentage": shop.on_time.map(|share| share.to_string()) }] },
        });
        let parts = json!([{ "component_type": "product_info", "component_data": product }]);
        json!({ "loaderData": { "page": { "page_config": { "components_map": parts } } } })
    }

    /// The listing as the tab showed it before.
    pub fn earlier(&self) -> Option<Self> {
        let mut earlier = Self { before: None, ..self.clone() };
        earlier.labels.insert("Xuất xứ".to_owned(), self.before.clone()?);
        Some(earlier)
    }

    /// Every text of it in which a finding can rest.
    pub fn texts(&self) -> Vec<String> {
        let shop = |shop: &Shop| [&shop.id, &shop.name, &shop.location, &shop.ships_from].map(Clone::clone);
        ([&self.title, &self.description, &self.category, &self.brand].into_iter().cloned())
            .chain(self.labels.values().cloned())
            .chain(self.before.clone())
            .chain(self.shop.iter().flat_map(shop).flatten())
            .chain(self.room.iter().flat_map(Room::texts))
            .collect()
    }
}

impl Room {
    fn texts(&self) -> Vec<String> {
        let said = [&self.types, &self.says, &self.chat].into_iter().flatten().cloned();
        [self.title.clone()].into_iter().chain(said).chain(self.plain_lines()).collect()
    }

    fn plain_lines(&self) -> impl Iterator<Item = String> + use<> {
        (1..=self.plain).map(|number| format!("Em đọc dòng thứ {number} trên nhãn cho mọi người nghe."))
    }

    fn snapshot(&self, product: &str) -> Value {
        let line = |kind: &str, speaker: &str, text: &str| json!({ "kind": kind, "speaker": speaker, "text": text, "at": TAKEN_AT });
        let lines = (self.types.iter().map(|text| line("chat", "host", text)))
            .chain(self.says.iter().map(|text| line("caption", "host", text)))
            .chain(self.chat.iter().map(|text| line("chat", "viewer", text)))
            .chain(self.plain_lines().map(|text| line("caption", "host", &text)));
        let card = json!({
            "rule": "shape", "anchor": "c1", "link": "https://shop.tiktok.com/view/product/1730000000000000202",
            "picture": true, "title": product, "texts": [product, "99.000 ₫"],
        });
        let user = json!({ "uniqueId": HANDLE, "nickname": "Bếp Cuối Ngõ", "verified": false });
        let room = json!({ "user": user, "liveRoom": { "title": self.title } });
        json!({
            "version": 1,
            "platform": "tiktok",
            "url": format!("https://www.tiktok.com/@{HANDLE}/live"),
            "title": "TikTok LIVE",
            "taken_at": TAKEN_AT,
            "blocks": [{ "rule": "tiktok.sigi", "data": { "LiveRoom": { "liveRoomUserInfo": room } } }],
            "cards": if product.is_empty() { Vec::new() } else { vec![card] },
            "lines": lines.collect::<Vec<_>>(),
        })
    }
}

impl Host {
    fn snapshot(&self) -> Value {
        let handle = self.handle.as_deref().unwrap_or(HANDLE);
        let user = json!({
            "uniqueId": handle,
            "nickname": "Bếp Cuối Ngõ",
            "verified": self.verified,
            "createTime": self.days.map(ago),
            "uniqueIdModifyTime": self.handle_changed.map_or(0, ago),
            "nickNameModifyTime": self.name_changed.map_or(0, ago),
        });
        let detail = json!({ "userInfo": { "user": user, "stats": { "followerCount": self.followers } } });
        json!({
            "version": 1,
            "platform": "tiktok",
            "url": format!("https://www.tiktok.com/@{handle}"),
            "title": "Bếp Cuối Ngõ",
            "taken_at": TAKEN_AT,
            "blocks": [{ "rule": "tiktok.profile", "data": { "__DEFAULT_SCOPE__": { "webapp.user-detail": detail } } }],
        })
    }
}

/// So many days before every listing is read, seconds since 1970.
fn ago(days: i64) -> i64 {
    TAKEN_AT - days * DAY
}
