//! The conduct of hosts as this browser saw it, kept on this device until the shopper has it forgotten.

use std::cell::RefCell;

use serde::{Deserialize, Serialize};
use soi_core::conduct::{Conduct, Ruling};
use soi_core::finding::{Answer, Assessment};
use soi_core::knowledge::{FieldName, Knowledge, PageKind, Question};
use soi_core::page::Page;
use wasm_bindgen::JsValue;

use crate::browser::{self, Store};
use crate::engine::now;
use crate::packed;

/// The key in `storage.local`; another one when the shape of what is stored changes.
const KEY: &str = "conduct-1";
/// Most hosts remembered; who was seen longest ago makes room.
const MAX_HOSTS: usize = 200;

/// Hosts by platform and handle, the last seen last.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ledger(Vec<(String, Conduct)>);

/// Whose conduct it is: the host of a live room.
pub fn host(page: &Page) -> Option<String> {
    let room = page.room.as_ref().filter(|_| page.kind == PageKind::Live)?;
    let handle = room.fields.text(FieldName::HostHandle)?;
    Some(format!("{}:{handle}", page.platform))
}

/// The answer about the host, which is the same for each of a page's products.
fn answer(assessment: &Assessment) -> Option<&Answer> {
    let of = |answers: &'_ Vec<Answer>| answers.iter().position(|answer| answer.question == Question::Host);
    let answers = assessment.offers.first().map(|offer| &offer.answers).or(assessment.room.as_ref())?;
    answers.get(of(answers)?)
}

thread_local! {
    /// What was noted last, so that a room that goes on as before is not read and written again each second.
    static NOTED: RefCell<(String, Vec<String>)> = const { RefCell::new((String::new(), Vec::new())) };
}

/// Notes what a live room's host was found to say.
///
/// # Errors
/// The browser refuses.
pub async fn note(knowledge: &Knowledge, page: &Page, assessment: &Assessment) -> Result<(), JsValue> {
    let Some((host, answer)) = host(page).zip(answer(assessment)) else {
        return Ok(());
    };
    let takes_points = |code: &&str| soi_core::conduct::points(knowledge, code) > 0;
    let codes = answer.findings.iter().map(|finding| &*finding.code).filter(takes_points);
    let seen = (host.clone(), codes.map(str::to_owned).collect::<Vec<_>>());
    if seen.1.is_empty() || NOTED.with_borrow(|noted| *noted == seen) {
        return Ok(());
    }
    let mut ledger = Ledger::load().await?;
    if ledger.change(&host, |conduct| conduct.note(knowledge, answer, now())) {
        ledger.save().await?;
    }
    NOTED.set(seen);
    Ok(())
}

impl Ledger {
    /// What is stored; empty where another version wrote it.
    ///
    /// # Errors
    /// The browser refuses.
    pub async fn load() -> Result<Self, JsValue> {
        let stored = browser::stored(Store::Local, KEY).await?;
        Ok(stored.and_then(|value| value.as_string()).and_then(|text| packed::from_text(&text)).unwrap_or_default())
    }

    async fn save(&self) -> Result<(), JsValue> {
        let text = packed::to_text(self);
        browser::store(Store::Local, KEY, &JsValue::from_str(&text)).await
    }

    /// A host's conduct.
    pub fn of(&self, host: &str) -> Option<&Conduct> {
        self.0.iter().find(|(known, _)| known == host).map(|(_, conduct)| conduct)
    }

    /// How many hosts are remembered.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Changes a host's conduct, which is the one seen last from then on.
    fn change<T>(&mut self, host: &str, work: impl FnOnce(&mut Conduct) -> T) -> T {
        let known = self.0.iter().position(|(known, _)| known == host);
        let (host, mut conduct) = known.map_or_else(|| (host.to_owned(), Conduct::default()), |at| self.0.remove(at));
        let done = work(&mut conduct);
        let over = (self.0.len() + 1).saturating_sub(MAX_HOSTS);
        self.0.drain(..over);
        self.0.push((host, conduct));
        done
    }
}

/// What the shopper says to something that a host was found to say.
///
/// # Errors
/// The browser refuses.
pub async fn rule(host: &str, code: &str, at: i64, ruling: Ruling) -> Result<(), JsValue> {
    let mut ledger = Ledger::load().await?;
    ledger.change(host, |conduct| conduct.rule(code, at, ruling));
    ledger.save().await
}

/// Forgets every host.
///
/// # Errors
/// The browser refuses.
pub async fn forget() -> Result<(), JsValue> {
    Ledger::default().save().await
}

/// What is stored is another now: a room that goes on is noted anew. It is the options or the popup that changed it, each in
/// an instance of its own.
pub fn changed() {
    NOTED.take();
}
