//! The public record in the browser: packs come from an address, are asked at once, and nothing that is not one gets in.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use soi_core::Engine;
use soi_core::explain::{Explainer, Lang};
use soi_core::knowledge::{BUILT_IN, KNOWLEDGE_LAYOUT};
use soi_core::pack::{HEADER_BYTES, Header, PackKind};
use soi_registry::keys::PackKey;
use soi_registry::packs::{self, Stamp};
use soi_registry::records::RecordTree;
use soi_tests::browser::{Browser, Kind};
use soi_tests::case::Shown;
use soi_tests::records::{self, RECORDS, ask};
use soi_tests::server::{Offer, PACKS_HOST};
use thirtyfour::By;

use crate::{in_both_browsers, shown_until, start, violations};

in_both_browsers!(
    an_update_reaches_an_open_room,
    attacks_on_updates_are_repelled,
    a_delta_is_laid_over_its_pack,
    a_recall_leads_to_its_document,
    an_allegation_changes_no_grade,
    an_old_pack_works_and_says_so,
    the_package_brings_the_public_record,
    newer_tables_take_their_place,
);

/// A recall of a product by the words of its name, as a pack of this sequence.
fn recall(name: &str, stamp: Stamp) -> Result<Vec<u8>> {
    let text = format!(
        "recorded = 2026-11-20\nname = \"Invented\"\nkeys = [\"product-name:{name}\"]\n[[events]]\nmatter = \"safety\"\n\
         status = \"withdrawal-ordered\"\nday = 2026-11-02\nissuer = \"Sở Y tế tỉnh Gió\"\ndocument = \"Quyết định 12/QĐ-G\"\n\
         urls = [\"https://records.example/12\"]\nverified = true\n"
    );
    let tree = RecordTree::parse("name = \"invented\"\n", [("product/invented.toml", text.as_str())])?;
    signed(&packs::of_records(&tree, stamp, None)?)
}

fn signed(pack: &[u8]) -> Result<Vec<u8>> {
    Ok(packs::sign(pack, &PackKey::development()?)?)
}

/// Asks, and holds what comes of it to this.
async fn expect(browser: &Browser, outcome: &str) -> Result<()> {
    let asked = ask(browser).await?;
    ensure!(asked.outcome == outcome, "{outcome} was expected: {asked:?}");
    Ok(())
}

/// A moment so many seconds before this run's packs.
fn before(seconds: i64) -> Stamp {
    Stamp::of(records::stamp().created - seconds)
}

fn codes(shown: &Shown) -> Vec<&str> {
    let answers = shown.offers.iter().flat_map(|offer| &offer.answers);
    answers.flat_map(|answer| &answer.findings).map(|finding| finding.code.as_str()).collect()
}

const RECALLED: &str = "origin.record-decided";

/// A live room is open; a pack comes that has one of its products on record: badge and popup follow, unasked.
async fn an_update_reaches_an_open_room(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&format!("{}?speed=0", server.url("tiktok-live-german-kitchen")?)).await?;
    let shown = shown_until(&browser, "the room's basket", |shown| !shown.offers.is_empty()).await?;
    ensure!(!codes(&shown).contains(&RECALLED));
    let words: Vec<&str> = shown.offers[0].title.split_whitespace().take(4).collect();
    server.offer(RECORDS, Offer::Bytes(recall(&words.join(" "), records::stamp())?));
    let asked = ask(&browser).await?;
    ensure!(asked.outcome == "updated" && asked.log.is_empty(), "{asked:?}");
    browser
        .wait_for("a badge with an official warning", async || {
            Ok(browser.badges().await?.iter().any(|badge| badge.text.contains('E')).then_some(()))
        })
        .await?;
    let shown = shown_until(&browser, "the recall", |shown| codes(shown).contains(&RECALLED)).await?;
    let answer = &shown.offers[0].answers[0];
    ensure!(answer.question == "origin" && answer.grade == "E", "{answer:?}");
    let recall = answer.findings.iter().find(|finding| finding.code == RECALLED).context("no recall")?;
    for part in ["Sở Y tế tỉnh Gió", "Quyết định 12/QĐ-G", "02/11/2026", "records.example", "giả định"]
    {
        ensure!(recall.text.contains(part), "{part} is not in \"{}\"", recall.text);
    }
    // The same pack once more: the server says that nothing is new.
    expect(&browser, "current").await?;
    browser.quit().await
}

/// The attacks that The Update Framework lists. Each is refused by its code, and the pack in use stays in use.
async fn attacks_on_updates_are_repelled(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&server.url("tiktok-blender-clear")?).await?;
    let name = "Bếp Lúa BL-12";
    server.offer(RECORDS, Offer::Bytes(recall(name, before(60))?));
    expect(&browser, "updated").await?;
    let still_there = async || {
        shown_until(&browser, "the recall", |shown| codes(shown).contains(&RECALLED))
            .await
            .context("the old pack is gone")
    };
    still_there().await?;

    let new = records::stamp();
    // What an attacker offers knows nothing of the recall.
    let good = recall("Tên Khác Hẳn", new)?;
    let changed = |at: usize| {
        let mut bytes = good.clone();
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1;
        }
        bytes
    };
    let with_header = |change: fn(&mut Header)| -> Result<Vec<u8>> {
        let mut header = Header::read(&good)?;
        change(&mut header);
        signed(&[&header.to_bytes()[..], &good[112..]].concat())
    };
    let too_large = Header { body_bytes: 1 << 40, ..Header::read(&good)? };
    let folder = tempfile::tempdir()?;
    let foreign = PackKey::generate(&folder.path().join("foreign.toml"))?;
    let other = recall("Tên Khác Nữa", new)?;
    let attacks: Vec<(&str, &str, Offer)> = vec![
        ("arbitrary", "pack.magic", Offer::Bytes(b"<!doctype html><title>Login</title>".repeat(20))),
        ("wrong key", "pack.key-unknown", Offer::Bytes(packs::sign(&good, &foreign)?)),
        (
            "a set that the key does not sign",
            "pack.key-set",
            Offer::Bytes(with_header(|header| {
                if let Some(set) = soi_core::pack::SetName::new("public") {
                    header.set = set;
                }
            })?),
        ),
        ("tampered header", "pack.signature", Offer::Bytes(changed(41))),
        ("tampered signature", "pack.signature", Offer::Bytes(changed(120))),
        ("tampered body", "pack.hash", Offer::Bytes(changed(HEADER_BYTES + 40))),
        ("truncated", "pack.truncated", Offer::Bytes(good[..good.len() - 9].to_vec())),
        ("extraneous", "pack.trailing", Offer::Bytes([&good[..], b"more"].concat())),
        ("endless", "pack.trailing", Offer::Endless(good.clone())),
        ("endless and no pack", "pack.magic", Offer::Endless(b"GIF89a".repeat(40))),
        ("too large", "pack.too-large", Offer::Endless([&too_large.to_bytes()[..], &good[112..]].concat())),
        ("fast-forward", "pack.sequence", Offer::Bytes(with_header(|header| header.sequence = u64::MAX)?)),
        ("from the future", "pack.future", Offer::Bytes(with_header(|header| header.created += 10 * 86_400)?)),
        ("rollback", "pack.older", Offer::Bytes(recall("Tên Khác Hẳn", before(600))?)),
        ("mix and match", "pack.hash", Offer::Bytes([&good[..HEADER_BYTES], &other[HEADER_BYTES..]].concat())),
        ("another kind", "pack.kind", Offer::Bytes(with_header(|header| header.kind = PackKind::Knowledge)?)),
        ("a later layout", "pack.layout", Offer::Bytes(with_header(|header| header.layout += 1)?)),
        ("a revoked key", "pack.key-revoked", Offer::Bytes(packs::sign(&good, &revoked()?)?)),
    ];
    for (name, code, offer) in attacks {
        server.offer(RECORDS, offer);
        let asked = ask(&browser).await?;
        let told = asked.log.last().map(|failure| failure.message.as_str()).unwrap_or_default();
        ensure!(asked.outcome == "failed" && told.contains(code), "{name}: {asked:?}");
    }
    still_there().await?;
    // Freeze: whoever keeps newer packs away leaves the old one, whose day is told.
    server.offer(RECORDS, Offer::Bytes(recall(name, before(60))?));
    expect(&browser, "current").await?;
    // And a stopped background finds the old pack again.
    browser.stop_background().await?;
    browser.open(&server.url("tiktok-blender-clear")?).await?;
    still_there().await?;
    browser.quit().await
}

/// A key that this build knows and that was taken back.
fn revoked() -> Result<PackKey> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("revoked.toml");
    std::fs::write(&path, include_str!("../../../registry/keys/revoked.toml"))?;
    Ok(PackKey::read(&path)?)
}

/// From the second time on a browser asks for what changed; what it gets fits the pack that it has, and only that one.
async fn a_delta_is_laid_over_its_pack(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&server.url("tiktok-blender-clear")?).await?;
    let (old, new) = (recall("Tên Khác Hẳn", before(60))?, recall("Bếp Lúa BL-12", records::stamp())?);
    server.offer(RECORDS, Offer::Bytes(old.clone()));
    expect(&browser, "updated").await?;
    let delta = signed(&packs::delta(&old, &new)?)?;
    let path = format!("/delta-{}.pack", before(60).sequence);
    // A delta of another pack of the same sequence is refused, and the whole pack is asked for.
    let other = recall("Tên Khác Nữa", before(60))?;
    server.offer(&path, Offer::Bytes(signed(&packs::delta(&other, &new)?)?));
    let asked = ask(&browser).await?;
    let told = asked.log.first().map(|failure| failure.message.as_str()).unwrap_or_default();
    ensure!(asked.outcome == "current" && told.contains("pack.delta"), "{asked:?}");
    server.forget();
    server.offer(&path, Offer::Bytes(delta));
    expect(&browser, "updated").await?;
    let asked_whole = server.seen().iter().any(|seen| seen.host == PACKS_HOST && seen.path == RECORDS);
    ensure!(!asked_whole, "{:?}", server.seen());
    shown_until(&browser, "the recall", |shown| codes(shown).contains(&RECALLED)).await?;
    browser.stop_background().await?;
    browser.open(&server.url("tiktok-blender-clear")?).await?;
    shown_until(&browser, "the recall again", |shown| codes(shown).contains(&RECALLED)).await?;
    browser.quit().await
}

/// A recalled product is E, and the popup leads to the decision; its other flavour is not touched.
async fn a_recall_leads_to_its_document(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    records::give_invented(&browser, &server).await?;
    browser.open(&server.url("tiktok-view-candy-recalled")?).await?;
    shown_until(&browser, "the recall", |shown| grade(shown, "origin") == Some("E")).await?;
    let page = browser.popup_for_current_tab().await?;
    let script = "const found = document.querySelector(`[data-finding='origin.record-decided']`); \
                  return found && [...found.querySelectorAll('a')].map((link) => link.href + ' ' + link.textContent)";
    let links = browser
        .wait_for("the finding", async || Ok(Some(browser.run(script, Vec::new()).await?).filter(|it| !it.is_null())))
        .await?;
    let links: Vec<String> = serde_json::from_value(links)?;
    ensure!(links.iter().any(|link| link.starts_with("https://records.example/")), "{links:?}");
    for (at, link) in links.iter().enumerate() {
        ensure!(link.contains(&format!("Đọc văn bản {} ở records.example", at + 1)), "{links:?}");
    }
    violations(&browser, "the popup about a recall").await?;
    browser.close_tab(page).await?;
    browser.open(&server.url("tiktok-view-candy-other-flavour")?).await?;
    let twin = shown_until(&browser, "the other flavour", |shown| grade(shown, "origin").is_some()).await?;
    ensure!(grade(&twin, "origin") == Some("A") && !codes(&twin).contains(&RECALLED), "{twin:?}");
    browser.quit().await
}

fn grade<'a>(shown: &'a Shown, question: &str) -> Option<&'a str> {
    let answers = &shown.offers.first()?.answers;
    answers.iter().find(|answer| answer.question == question).map(|answer| answer.grade.as_str())
}

/// What nobody has decided is shown as undecided, and every grade is what it is without it.
async fn an_allegation_changes_no_grade(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    records::give_invented(&browser, &server).await?;
    let undecided = "origin.record-undecided";
    browser.open(&server.url("tiktok-view-steamer-alleged")?).await?;
    let alleged = shown_until(&browser, "the allegation", |shown| codes(shown).contains(&undecided)).await?;
    browser.open(&server.url("tiktok-view-steamer-plain")?).await?;
    let plain = shown_until(&browser, "its twin", |shown| shown.offers.len() == 1).await?;
    ensure!(!codes(&plain).contains(&undecided), "{plain:?}");
    for question in ["origin", "seller", "host"] {
        ensure!(grade(&alleged, question) == grade(&plain, question), "{question}: {alleged:?} {plain:?}");
    }
    let told =
        &alleged.offers[0].answers[0].findings.iter().find(|it| it.code == undecided).context("no finding")?.text;
    ensure!(told.contains("Chưa có kết luận"), "{told}");
    browser.quit().await
}

async fn an_old_pack_works_and_says_so(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&server.url("tiktok-blender-clear")?).await?;
    server.offer(RECORDS, Offer::Bytes(recall("Bếp Lúa BL-12", before(50 * 86_400))?));
    expect(&browser, "updated").await?;
    shown_until(&browser, "the recall", |shown| codes(shown).contains(&RECALLED)).await?;
    browser.open(&browser.extension_url("options/options.html")?).await?;
    let told = browser
        .wait_for("the sets in use", async || {
            let told = browser.run("return document.getElementById('records').textContent", Vec::new()).await?;
            Ok(told.as_str().filter(|told| told.contains("invented")).map(str::to_owned))
        })
        .await?;
    ensure!(told.contains("đã cũ"), "{told}");
    violations(&browser, "options with records").await?;
    // Emptied, nobody is asked any more, and what came from there is forgotten.
    server.forget();
    let origin = browser.driver().find(By::Id("origin")).await?;
    origin.clear().await?;
    browser.driver().find(By::Css("form.origin button")).await?.click().await?;
    browser
        .wait_for("the package's own set alone", async || {
            let told = browser.run("return document.getElementById('records').textContent", Vec::new()).await?;
            Ok(told.as_str().is_some_and(|told| told.contains("public") && !told.contains("invented")).then_some(()))
        })
        .await?;
    ensure!(server.seen().iter().all(|seen| seen.host != PACKS_HOST), "{:?}", server.seen());
    browser.quit().await
}

/// Without any address the public record of the package is asked, and nobody else.
async fn the_package_brings_the_public_record(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&browser.extension_url("options/options.html")?).await?;
    let script = "return import(new URL('/engine.js', location.href)).then(({ withEngine }) => \
                  withEngine((soi) => soi.packsInUse()))";
    let in_use = browser.run(script, Vec::new()).await?;
    ensure!(in_use.as_str().is_some_and(|sets| sets.starts_with("public:") && !sets.contains(' ')), "{in_use}");
    let title = "Kẹo rau củ Kera SuperGreens Gummies hộp 30 viên";
    let snapshot = json!({
        "version": 1, "platform": "schemaorg", "url": "https://shop.example/keo", "taken_at": 1_795_435_200,
        "blocks": [{ "rule": "jsonld", "data": { "@type": "Product", "name": title, "url": "https://shop.example/keo" } }],
    });
    let script = "const [snapshot] = arguments; return import(new URL('/engine.js', location.href)).then(({ withEngine }) => \
                  withEngine((soi) => new TextDecoder().decode(soi.assess(JSON.stringify(snapshot), snapshot.taken_at))))";
    let assessment = browser.run(script, vec![snapshot]).await?;
    ensure!(assessment.as_str().is_some_and(|text| text.contains(RECALLED)), "{assessment}");
    ensure!(server.seen().iter().all(|seen| seen.host != PACKS_HOST));
    browser.quit().await
}

/// Knowledge tables travel as records do. A key that signs invented records alone brings none; a pack in the package does,
/// and without it the package's own tables are back.
async fn newer_tables_take_their_place(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    let engine = Engine::built_in()?;
    let sentence = Explainer::new(engine.knowledge(), Lang::Vi).text("options.records-note").as_bytes();
    let at = BUILT_IN.windows(sentence.len()).position(|window| window == sentence).context("no such sentence")?;
    let mut tables = BUILT_IN.to_vec();
    tables.iter_mut().skip(at).take(6).for_each(|letter| *letter = b'X');
    let pack = |tables: &[u8], stamp| signed(&packs::of_knowledge(tables, stamp)?);
    let newer = pack(&tables, records::stamp())?;

    server.offer(RECORDS, Offer::Bytes(recall("Bếp Lúa BL-12", records::stamp())?));
    server.offer(&format!("/knowledge-{KNOWLEDGE_LAYOUT}.pack"), Offer::Bytes(newer.clone()));
    let asked = ask(&browser).await?;
    let told: Vec<&str> = asked.log.iter().map(|failure| failure.message.as_str()).collect();
    let [refused] = told[..] else { anyhow::bail!("{asked:?}") };
    ensure!(asked.outcome == "failed" && refused.starts_with("knowledge: pack.key-set"), "{asked:?}");

    browser.open(&browser.extension_url("options/options.html")?).await?;
    let script = "const steps = arguments[0]; return import(new URL('/engine.js', location.href)) \
                  .then(({ withEngine }) => withEngine(async (soi) => { \
                    const seen = []; \
                    for (const [bytes, hash] of steps) { \
                      let refused = ''; \
                      if (bytes.length === 0) soi.dropPacks(); \
                      else try { soi.takePack('knowledge', new Uint8Array(bytes), true, true, new Uint8Array(hash)) } \
                      catch (error) { refused = error.message } \
                      await soi.options(); \
                      seen.push([refused, soi.packsInUse(), document.body.textContent]); \
                    } \
                    return seen; }))";
    let step = |pack: Vec<u8>| -> Result<serde_json::Value> { Ok(json!([pack, Header::read(&pack)?.body_hash])) };
    let steps = [
        step(newer)?,
        step(pack(BUILT_IN, before(600))?)?,
        step(pack(&tables[..tables.len() - 1], records::stamp())?)?,
        json!([[], []]),
    ];
    let seen = browser.run(script, vec![json!(steps)]).await?;
    let seen: Vec<(String, String, String)> = serde_json::from_value(seen)?;
    let (was, is) = (std::str::from_utf8(sentence)?, std::str::from_utf8(&tables[at..at + sentence.len()])?);
    let expected = [("", is), ("pack.older", is), ("knowledge.malformed", is), ("", was)];
    for ((refused, in_use, text), (code, sentence)) in seen.iter().zip(expected) {
        ensure!(refused.starts_with(code) && refused.is_empty() == code.is_empty(), "{code} was expected: {refused}");
        ensure!(in_use.contains("knowledge:") == (sentence == is) && text.contains(sentence), "{code}: {in_use}");
    }
    ensure!(seen.len() == expected.len());
    browser.quit().await
}
