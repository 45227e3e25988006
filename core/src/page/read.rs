//! Snapshot → [`Page`]: every source of a platform's rules, each field with the rule that read it.

use super::address::{Address, Place, Places};
use super::blocks::Block;
use super::label::{Labels, reading};
use super::path::PathError;
use super::pattern::PatternError;
use super::snapshot::{Card, LabelValue, PageSnapshot, SkipReason, Skipped, block_source};
use super::structured::{self, Identity};
use super::{Fields, Offer, OfferView, Page, Reading, Room, card};
use crate::knowledge::{BlockRule, FieldName, Knowledge, PageKind, Platform, SourceType};
use crate::text::fold;

/// Platform of pages that no other platform's rules know.
const ANY_SHOP: &str = "schemaorg";

/// Why a snapshot could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The snapshot names a platform that this engine does not know.
    #[error("read.platform: no rules for \"{0}\"")]
    Platform(String),
    /// The address is not one of the platform's.
    #[error("read.host: {host} is not a host of \"{platform}\"")]
    Host {
        /// Host of the snapshot's address.
        host: String,
        /// Platform it names.
        platform: String,
    },
}

impl ReadError {
    /// Stable code, the part before the colon of the message.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Platform(_) => "read.platform",
            Self::Host { .. } => "read.host",
        }
    }
}

/// Why a platform's rules could not be compiled.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// A path into a data block.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A pattern of an address.
    #[error(transparent)]
    Pattern(#[from] PatternError),
}

/// The rules of every platform, compiled, in the order of the knowledge's platforms.
#[derive(Debug)]
pub(crate) struct Reader {
    labels: Labels,
    platforms: Vec<PlatformReader>,
}

#[derive(Debug)]
struct PlatformReader {
    places: Places,
    blocks: Vec<Block>,
}

impl Reader {
    pub(crate) fn new(knowledge: &Knowledge) -> Result<Self, RulesError> {
        let mut platforms = Vec::new();
        for platform in &knowledge.platforms {
            platforms.push(PlatformReader {
                places: Places::new(platform)?,
                blocks: platform.blocks.iter().map(Block::new).collect::<Result<_, _>>()?,
            });
        }
        Ok(Self { labels: Labels::new(knowledge), platforms })
    }

    /// Reads a snapshot by the knowledge that this reader was made of.
    pub(crate) fn read(&self, knowledge: &Knowledge, snapshot: &PageSnapshot) -> Result<Page, ReadError> {
        let mut known = knowledge.platforms.iter().zip(&self.platforms);
        let (platform, reader) = known
            .find(|(platform, _)| platform.id == snapshot.platform)
            .ok_or_else(|| ReadError::Platform(snapshot.platform.clone()))?;
        let address = Address::parse(&snapshot.url).unwrap_or(Address { host: "", path: "/" });
        if !platform.hosts.is_empty() && !platform.has_host(address.host) {
            return Err(ReadError::Host { host: address.host.to_owned(), platform: snapshot.platform.clone() });
        }
        let (kind, place) = match &snapshot.wall {
            Some(_) => (PageKind::Wall, Place::default()),
            None => reader.places.find(&platform.pages, address),
        };
        let mut reading = PageReading {
            knowledge,
            all: self,
            platform,
            reader,
            snapshot,
            address,
            place,
            subject: Fields::default(),
            view: OfferView::Page,
            offers: Vec::new(),
            unread: snapshot.skipped.clone(),
        };
        Ok(reading.page(kind))
    }

    /// Stable key of the product that an address leads to, on whichever platform.
    fn product_key(&self, knowledge: &Knowledge, url: &str) -> Option<String> {
        let address = Address::parse(url)?;
        for (platform, reader) in knowledge.platforms.iter().zip(&self.platforms) {
            if !platform.has_host(address.host) {
                continue;
            }
            if let (PageKind::Product, Place { id: Some(product), .. }) = reader.places.find(&platform.pages, address) {
                return Some(format!("{}:{product}", platform.id));
            }
        }
        None
    }
}

/// One snapshot being read.
struct PageReading<'a> {
    knowledge: &'a Knowledge,
    all: &'a Reader,
    platform: &'a Platform,
    reader: &'a PlatformReader,
    snapshot: &'a PageSnapshot,
    address: Address<'a>,
    place: Place,
    /// Fields of the page's own subject: its product, or its room.
    subject: Fields,
    view: OfferView,
    offers: Vec<Offer>,
    unread: Vec<Skipped>,
}

impl PageReading<'_> {
    fn page(&mut self, mut kind: PageKind) -> Page {
        if !matches!(kind, PageKind::Wall) {
            self.read_blocks(kind);
            self.read_selectors(kind);
            let structured = self.platform.structured_data && self.read_structured(kind);
            if kind == PageKind::Other && self.snapshot.platform == ANY_SHOP && structured {
                kind = PageKind::Product;
            }
            if kind == PageKind::Product {
                self.read_labels();
                self.read_description();
            }
            self.read_cards(kind);
        }
        let is_unsigned = self.subject.get(FieldName::LiveSign).is_none() && self.offers.is_empty();
        let is_room = matches!(kind, PageKind::Live | PageKind::LiveChat | PageKind::Profile);
        let room = is_room.then(|| self.room());
        // The sign may have come with an earlier snapshot, or come with a later one: what was said is kept.
        if self.place.needs_sign && is_unsigned {
            kind = PageKind::Other;
        }
        // A page of which nothing could be read (blocked, withdrawn, still loading) shows no product.
        if kind == PageKind::Product && !self.subject.is_empty() {
            self.add_own_product();
        }
        Page {
            platform: self.snapshot.platform.clone(),
            rules: self.platform.version,
            kind,
            url: self.snapshot.url.clone(),
            room,
            offers: std::mem::take(&mut self.offers),
            unread: std::mem::take(&mut self.unread),
            earlier: Vec::new(),
        }
    }

    fn read_blocks(&mut self, kind: PageKind) {
        for data in &self.snapshot.blocks {
            let mut blocks = self.platform.blocks.iter().zip(&self.reader.blocks);
            let is_declared = |rule: &BlockRule| rule.id == data.rule && rule.pages.contains(&kind);
            let Some((rule, block)) = blocks.find(|(rule, _)| is_declared(rule)) else { continue };
            // What a profile is about is named by its handle.
            let id = self.place.id.as_deref().or(self.place.handle.as_deref());
            let now = self.snapshot.taken_at;
            let facts = block.read(rule, &data.data, id, &self.all.labels, now);
            if facts.other_product {
                self.unread.push(Skipped { rule: data.rule.clone(), reason: SkipReason::OtherProduct, amount: None });
            }
            self.subject.absorb(facts.fields);
            if facts.has_properties {
                self.view = OfferView::PageWithProperties;
            }
            for listed in facts.offers {
                let key = match &listed.id {
                    Some(id) => format!("{}:{id}", self.snapshot.platform),
                    None => self.title_key(&listed.fields),
                };
                self.add_offer(Offer {
                    key,
                    anchors: Vec::new(),
                    link: None,
                    view: OfferView::Card,
                    fields: listed.fields,
                });
            }
        }
    }

    fn read_selectors(&mut self, kind: PageKind) {
        for selected in &self.snapshot.fields {
            let rules = &self.platform.selectors;
            let Some(rule) = rules.iter().find(|rule| rule.id == selected.rule && rule.pages.contains(&kind)) else {
                continue;
            };
            let read = reading(rule.field, &selected.value, SourceType::Selector, &rule.id, self.snapshot.taken_at);
            if let Some(read) = read {
                self.subject.add(rule.field, read);
            }
        }
    }

    /// Returns whether the page describes a product by schema.org or OpenGraph.
    fn read_structured(&mut self, kind: PageKind) -> bool {
        if !matches!(kind, PageKind::Product | PageKind::Other) {
            return false;
        }
        let now = self.snapshot.taken_at;
        let identity = Identity { id: self.place.id.as_deref(), path: self.address.path };
        let mut has_product = false;
        for data in &self.snapshot.blocks {
            let Some(source) = block_source(&data.rule) else { continue };
            let facts = structured::read(&data.data, source, identity, &self.all.labels, now);
            has_product |= facts.has_product && !facts.other_product;
            if facts.other_product {
                self.unread.push(Skipped { rule: data.rule.clone(), reason: SkipReason::OtherProduct, amount: None });
            }
            for (name, read) in facts.fields.iter() {
                self.subject.add(name, read.clone());
            }
        }
        let meta = structured::read_meta(&self.snapshot.meta, now);
        has_product |= meta.has_product;
        if meta.has_product && self.canonical_agrees() {
            for (name, read) in meta.fields.iter() {
                // The page's title decorates the product's; it only stands in for it.
                if self.subject.get(name).is_none() {
                    self.subject.add(name, read.clone());
                }
            }
        }
        has_product
    }

    /// OpenGraph goes stale on in-page navigation as JSON-LD does: it counts when the page's own canonical
    /// address is the address shown.
    fn canonical_agrees(&self) -> bool {
        let Some(canonical) = self.snapshot.canonical.as_deref().and_then(Address::parse) else {
            return true;
        };
        match &self.place.id {
            Some(id) => self.reader.places.find(&self.platform.pages, canonical).1.id.as_ref() == Some(id),
            None => {
                let bare = |path: &str| path.split('?').next().unwrap_or_default().trim_end_matches('/').to_owned();
                bare(canonical.path) == bare(self.address.path)
            }
        }
    }

    fn read_labels(&mut self) {
        for LabelValue { label, value } in &self.snapshot.labels {
            let Some(field) = self.all.labels.field(label) else { continue };
            // A marketplace's own name and tax code stand at the foot of every page of it.
            if field.names_seller() && self.snapshot.platform != ANY_SHOP {
                continue;
            }
            self.view = OfferView::PageWithProperties;
            let read = reading(field, value, SourceType::LabelValue, "label", self.snapshot.taken_at);
            if let Some(read) = read {
                self.subject.add(field, read);
            }
        }
    }

    /// "Xuất xứ: Đức" in a description states as much as a property does; a property is the surer source.
    fn read_description(&mut self) {
        let Some(description) = self.subject.text(FieldName::Description).map(str::to_owned) else {
            return;
        };
        for (field, value) in self.all.labels.in_text(&description) {
            if self.subject.get(field).is_none()
                && let Some(read) = reading(field, value, SourceType::LabelValue, "description", self.snapshot.taken_at)
            {
                self.subject.add(field, read);
            }
        }
    }

    fn read_cards(&mut self, kind: PageKind) {
        if !matches!(kind, PageKind::Live | PageKind::Listing | PageKind::Shop) {
            return;
        }
        for shown in &self.snapshot.cards {
            let rule = self.platform.cards.iter().find(|rule| rule.id == shown.rule);
            let key = shown.link.as_deref().and_then(|link| self.all.product_key(self.knowledge, link));
            let Some(fields) = card::read(shown, rule, key.is_some(), self.snapshot.taken_at) else {
                continue;
            };
            let key = key.unwrap_or_else(|| self.title_key(&fields));
            self.add_card(shown, key, fields);
        }
    }

    fn add_card(&mut self, shown: &Card, key: String, fields: Fields) {
        self.add_offer(Offer {
            key,
            anchors: vec![shown.anchor.clone()],
            link: shown.link.clone(),
            view: OfferView::Card,
            fields,
        });
    }

    fn add_offer(&mut self, offer: Offer) {
        match self.offers.iter_mut().find(|known| known.key == offer.key) {
            Some(known) => known.absorb(offer),
            None => self.offers.push(offer),
        }
    }

    fn add_own_product(&mut self) {
        let fields = std::mem::take(&mut self.subject);
        let key = match &self.place.id {
            Some(id) => format!("{}:{id}", self.snapshot.platform),
            None => format!("{}:{}{}", self.snapshot.platform, self.address.host, self.address.path),
        };
        self.offers.insert(
            0,
            Offer {
                key,
                anchors: vec!["page".to_owned()],
                link: Some(self.snapshot.url.clone()),
                view: self.view,
                fields,
            },
        );
    }

    fn room(&mut self) -> Room {
        let mut room = Room::default();
        room.talk.hear(self.knowledge, &self.snapshot.lines);
        for (name, read) in std::mem::take(&mut self.subject).iter().filter(|(name, _)| name.is_of_room()) {
            room.fields.add(name, read.clone());
        }
        if let Some(handle) = &self.place.handle {
            let read: Option<Reading> =
                reading(FieldName::HostHandle, handle, SourceType::Address, "address", self.snapshot.taken_at);
            if let Some(read) = read {
                room.fields.add(FieldName::HostHandle, read);
            }
        }
        room
    }

    /// Key of a product without an id: its title, folded and hashed (FNV-1a, 64 bits).
    fn title_key(&self, fields: &Fields) -> String {
        let title = fold(fields.text(FieldName::Title).unwrap_or_default());
        let hash = title
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        format!("{}:title:{hash:016x}", self.snapshot.platform)
    }
}
