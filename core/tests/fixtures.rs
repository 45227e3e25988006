//! Captured payloads of real pages, read field by field. They stay outside the repository (not all may be copied):
//! where the folder is absent these tests say so and skip.

#![cfg(test)]

use std::path::PathBuf;

use serde_json::{Value, json};
use soi_core::Engine;
use soi_core::knowledge::{FieldName, SourceType};
use soi_core::pack::Records;
use soi_core::page::snapshot::{PageSnapshot, SNAPSHOT_VERSION};
use soi_core::page::{FieldValue, Offer, OfferView};

/// When the payloads' relative times are counted from: 2026-11-23 12:00 UTC.
const NOW: i64 = 1_795_435_200;

fn fixture(path: &str) -> Option<Value> {
    Some(serde_json::from_str(&text_of(path)?).unwrap())
}

fn text_of(path: &str) -> Option<String> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/fixtures").join(path);
    match std::fs::read_to_string(&file) {
        Ok(text) => Some(text),
        Err(_) => {
            println!("SKIPPED: no fixture {path} beside this checkout");
            None
        }
    }
}

fn snapshot(platform: &str, url: &str, rule: &str, data: Value) -> PageSnapshot {
    let json = json!({
        "version": SNAPSHOT_VERSION, "platform": platform, "url": url, "taken_at": NOW,
        "blocks": [{"rule": rule, "data": data}],
    });
    PageSnapshot::from_json(&json.to_string()).unwrap()
}

fn product(snapshot: &PageSnapshot) -> Offer {
    let page = Engine::built_in().unwrap().read(snapshot).unwrap();
    assert_eq!(page.unread, []);
    assert_eq!(page.offers.len(), 1);
    page.offers.into_iter().next().unwrap()
}

fn assert_text(offer: &Offer, field: FieldName, expected: &str) {
    assert_eq!(offer.fields.text(field), Some(expected), "{field:?}");
}

fn assert_value(offer: &Offer, field: FieldName, expected: FieldValue) {
    assert_eq!(offer.fields.get(field).map(|reading| &reading.value), Some(&expected), "{field:?}");
}

fn dong(amount: u64) -> FieldValue {
    FieldValue::Money { amount, currency: "VND".to_owned() }
}

fn tiktok(payload: &Value) -> Value {
    json!({"loaderData": {"(region)/pdp/(product_name_slug$)/(product_id)/page": {"page_config": {"components_map": [
        {"component_type": "header", "component_data": {"viewer": {"uid": "7", "address": "Hẻm 1"}}},
        {"component_type": "product_info", "component_data": payload["product_info"]},
    ]}}}})
}

#[test]
fn tiktok_shop_product_of_2026_09_11() {
    let Some(payload) = fixture("tiktok/shop_pdp_vn_2026-09-11.json") else { return };
    let url = "https://shop.tiktok.com/vn/pdp/binh-giu-nhiet/1730196006903450541";
    let offer = product(&snapshot("tiktok", url, "tiktok.router", tiktok(&payload)));
    assert_eq!(offer.key, "tiktok:1730196006903450541");
    assert_eq!(offer.view, OfferView::PageWithProperties);
    let title = "Bình Giữ Nhiệt Coffee Nắp Chống Đổ, Ly Giữ Nhiệt Bằng Inox Không Gỉ Cao Cấp 510ml";
    assert_text(&offer, FieldName::Title, title);
    assert_text(&offer, FieldName::Origin, "Trung Quốc Đại Lục");
    assert_text(&offer, FieldName::ResponsibleName, "TQ");
    assert_text(&offer, FieldName::ResponsibleAddress, "TQ");
    assert_text(&offer, FieldName::Warranty, "Không bảo hành");
    assert_text(&offer, FieldName::ShopName, "CAPTIONSTORE3");
    assert_text(&offer, FieldName::ShopId, "7495029512148126637");
    assert_text(&offer, FieldName::Category, "Thể thao & Ngoài trời › Bình nước thể thao");
    assert_value(&offer, FieldName::Price, dong(97_043));
    assert_value(&offer, FieldName::ListPrice, dong(105_000));
    assert_value(&offer, FieldName::Sold, FieldValue::Count(16_031));
    assert_value(&offer, FieldName::Rating, FieldValue::Stars(440));
    assert_value(&offer, FieldName::RatingCount, FieldValue::Count(1_660));
    assert_value(&offer, FieldName::LowRatings, FieldValue::Count(177));
    assert_value(&offer, FieldName::ShopRating, FieldValue::Stars(310));
    assert_value(&offer, FieldName::ShopFollowers, FieldValue::Count(31));
    assert_value(&offer, FieldName::ShopResponseRate, FieldValue::Count(100));
    assert_value(&offer, FieldName::ShopOnTime, FieldValue::Count(77));
    let description = offer.fields.text(FieldName::Description).unwrap();
    assert!(description.contains("Chất liệu: Inox 304 cao cấp"), "{description}");
    assert!(description.contains("Bảo hành 12 tháng."), "{description}");
    assert!(!description.contains("ibyteimg"), "{description}");
}

#[test]
fn tiktok_product_answers_name_what_is_not_stated() {
    let Some(payload) = fixture("tiktok/shop_pdp_vn_2026-09-11.json") else { return };
    let url = "https://shop.tiktok.com/vn/pdp/binh-giu-nhiet/1730196006903450541";
    let engine = Engine::built_in().unwrap();
    let page = engine.read(&snapshot("tiktok", url, "tiktok.router", tiktok(&payload))).unwrap();
    let assessment = engine.assess(&page, &Records::default(), NOW);
    let origin = &assessment.offers[0].answers[0];
    let found: Vec<(&str, Option<&str>)> =
        origin.findings.iter().map(|finding| (finding.code.as_ref(), finding.quote.as_deref())).collect();
    assert_eq!(
        found,
        [
            ("origin.stated", Some("Trung Quốc Đại Lục")),
            ("origin.responsible-address-not-stated", Some("TQ")),
            ("origin.responsible-name-not-stated", Some("TQ")),
        ]
    );
    let seller = assessment.offers[0].answers[1].findings.iter().map(|finding| finding.code.as_ref());
    assert_eq!(
        seller.collect::<Vec<_>>(),
        ["seller.low-ratings-many", "seller.answers-most", "seller.rating-mixed"],
        "4.4 on average; the list says there is no warranty, whatever the description says"
    );
}

#[test]
fn tiktok_profile_of_2025_12_31() {
    let Some(page) = text_of("tiktok/profile_page_2025-12-31.html") else { return };
    let script = page.split_once("id=\"__UNIVERSAL_DATA_FOR_REHYDRATION__\"").unwrap().1;
    let json = script.split_once('>').unwrap().1.split_once("</script>").unwrap().0;
    let data: Value = serde_json::from_str(json).unwrap();
    let engine = Engine::built_in().unwrap();
    let read = |handle: &str| {
        let url = format!("https://www.tiktok.com/@{handle}");
        engine.read(&snapshot("tiktok", &url, "tiktok.profile", data.clone())).unwrap()
    };
    let handle = data["__DEFAULT_SCOPE__"]["webapp.user-detail"]["userInfo"]["user"]["uniqueId"].as_str().unwrap();
    let room = read(handle).room.unwrap();
    let value = |field| room.fields.get(field).map(|reading| reading.value.clone());
    assert_eq!(value(FieldName::HostSince), Some(FieldValue::Time(1_578_872_963)));
    assert_eq!(value(FieldName::NameChanged), Some(FieldValue::Time(1_651_675_730)));
    assert_eq!(value(FieldName::HandleChanged), None, "never");
    assert_eq!(value(FieldName::HostVerified), Some(FieldValue::Flag(true)));
    let codes = |handle: &str| -> Vec<String> {
        let answers = engine.assess(&read(handle), &Records::default(), NOW).room.unwrap();
        answers[2].findings.iter().map(|finding| finding.code.to_string()).collect()
    };
    assert_eq!(codes(handle), ["host.platform-verified", "host.account-settled", "host.known"]);
    assert_eq!(codes("ai.khac"), ["host.known"], "what the page still holds of another account says nothing");
}

/// The server-rendered block holds `get_pc`'s data under `cachedMap["shop/item"]`.
fn shopee(payload: &Value) -> Value {
    json!({"initialState": {"DOMAIN_PDP": {"data": {"PDP_BFF_DATA": {"cachedMap": {
        "11/111": payload["pdp"]["data"],
        "99/999": {"item": {"item_id": 999, "title": "Sản phẩm xem trước đó"}},
    }}}}}})
}

#[test]
fn shopee_product_of_2026_09_10() {
    let Some(payload) = fixture("shopee/item_get_pc_vn_2026-09-10.json") else { return };
    let url = "https://shopee.vn/Binh-giu-nhiet-i.11.111?sp_atk=1";
    let offer = product(&snapshot("shopee", url, "shopee.initial", shopee(&payload)));
    assert_eq!(offer.key, "shopee:11.111");
    assert_eq!(offer.view, OfferView::PageWithProperties);
    assert_text(&offer, FieldName::Title, "Bình giữ nhiệt Lock&Lock 500ml ruột inox 316");
    assert_text(&offer, FieldName::Brand, "Lock&Lock");
    assert_text(&offer, FieldName::Origin, "Hàn Quốc");
    assert_text(&offer, FieldName::Category, "Nhà Cửa & Đời Sống › Dụng cụ nhà bếp › Bình giữ nhiệt");
    assert_text(&offer, FieldName::ShopName, "Lock&Lock Official");
    assert_text(&offer, FieldName::ShopId, "11");
    assert_text(&offer, FieldName::ShopLocation, "TP. Hồ Chí Minh");
    assert_value(&offer, FieldName::Price, dong(250_000));
    assert_value(&offer, FieldName::ListPrice, dong(320_000));
    assert_value(&offer, FieldName::Sold, FieldValue::Count(36_000));
    assert_value(&offer, FieldName::Rating, FieldValue::Stars(487));
    assert_value(&offer, FieldName::RatingCount, FieldValue::Count(120));
    assert_value(&offer, FieldName::LowRatings, FieldValue::Count(2));
    assert_value(&offer, FieldName::ShopOpened, FieldValue::Time(1_616_224_878));
    assert_value(&offer, FieldName::ShopRating, FieldValue::Stars(490));
    assert_value(&offer, FieldName::ShopFollowers, FieldValue::Count(250_000));
    assert_value(&offer, FieldName::ShopResponseRate, FieldValue::Count(98));
    assert_value(&offer, FieldName::ShopOfficial, FieldValue::Flag(true));
    assert_value(&offer, FieldName::ShopVerified, FieldValue::Flag(false));
    assert!(offer.fields.text(FieldName::Description).unwrap().contains("không chứa BPA"));
}

#[test]
fn shopee_data_of_another_product_is_not_trusted() {
    let Some(payload) = fixture("shopee/item_get_pc_vn_2026-09-10.json") else { return };
    let url = "https://shopee.vn/San-pham-khac-i.11.222";
    let page = Engine::built_in().unwrap().read(&snapshot("shopee", url, "shopee.initial", shopee(&payload))).unwrap();
    assert_eq!(page.offers, []);
    assert_eq!(page.unread.len(), 1);
}

#[test]
fn lazada_product_of_2026_09_14() {
    let Some(payload) = fixture("lazada/pdp_moduledata_vn_2026-09-14.json") else { return };
    let url = "https://www.lazada.vn/products/dau-nhot-i1230376943-s4564299902.html";
    let offer = product(&snapshot("lazada", url, "lazada.module", payload["module_data"].clone()));
    assert_eq!(offer.key, "lazada:1230376943");
    assert_eq!(offer.view, OfferView::PageWithProperties);
    let title = "Dầu nhớt xe tay ga 800ml cao cấp 10W30 SL/MB 0.8l IDEMITSU thương hiệu Nhật Bản";
    assert_text(&offer, FieldName::Title, title);
    assert_text(&offer, FieldName::Brand, "Idemitsu");
    assert_text(&offer, FieldName::Origin, "Nhật Bản");
    assert_text(&offer, FieldName::ShopName, "Idemitsu Official Store");
    assert_text(&offer, FieldName::ShopId, "100200");
    assert_text(&offer, FieldName::Category, "Ô tô - Xe máy › Dầu nhớt xe máy");
    assert_value(&offer, FieldName::Price, dong(129_000));
    assert_value(&offer, FieldName::ListPrice, dong(165_000));
    assert_value(&offer, FieldName::Sold, FieldValue::Count(1_200));
    assert_value(&offer, FieldName::Rating, FieldValue::Stars(480));
    assert_value(&offer, FieldName::RatingCount, FieldValue::Count(356));
    assert_value(&offer, FieldName::ShopOfficial, FieldValue::Flag(true));
    assert_value(&offer, FieldName::ShopResponseRate, FieldValue::Count(92));
    let description = offer.fields.text(FieldName::Description).unwrap();
    assert_eq!(description, "Dầu nhớt xe tay ga Idemitsu 10W-30 nhập khẩu từ Nhật Bản.\nBảo hành 12 tháng");
}

/// The catalogue's own fields, as its cards show them.
#[test]
fn lazada_search_of_2026_09() {
    let Some(payload) = fixture("lazada/search_ajax_vn_2026-09.json") else { return };
    let items = payload["mods"]["listItems"].as_array().unwrap();
    let text = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
    let cards: Vec<Value> = (items.iter().enumerate())
        .map(|(at, item)| {
            let price = match item["priceShow"].as_str() {
                Some(price) => price.to_owned(),
                None => format!("{} ₫", text(item, "price")),
            };
            let texts = [text(item, "name"), price, text(item, "discount"), text(item, "itemSoldCntShow")];
            json!({
                "rule": "lazada.product-item", "anchor": format!("c{at}"), "picture": true, "title": text(item, "name"),
                "link": format!("https://www.lazada.vn/products/x-i{}-s1.html", text(item, "itemId")),
                "texts": texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>(),
            })
        })
        .collect();
    let json = json!({
        "version": 1, "platform": "lazada", "url": "https://www.lazada.vn/catalog/?q=nhot", "taken_at": NOW, "cards": cards,
    });
    let page = Engine::built_in().unwrap().read(&PageSnapshot::from_json(&json.to_string()).unwrap()).unwrap();
    assert_eq!(page.offers.len(), items.len());
    for (offer, item) in page.offers.iter().zip(items) {
        assert_eq!(offer.key, format!("lazada:{}", text(item, "itemId")));
        assert_text(offer, FieldName::Title, &text(item, "name"));
        assert_value(offer, FieldName::Price, dong(text(item, "price").parse().unwrap()));
    }
    let sold: Vec<Option<u64>> = page.offers.iter().map(|offer| offer.fields.count(FieldName::Sold)).collect();
    assert_eq!(sold, [Some(1_200), Some(856), Some(3_400), None]);
}

#[test]
fn every_reading_names_its_source_and_rule() {
    let Some(payload) = fixture("lazada/pdp_moduledata_vn_2026-09-14.json") else { return };
    let url = "https://www.lazada.vn/products/dau-nhot-i1230376943-s4564299902.html";
    let offer = product(&snapshot("lazada", url, "lazada.module", payload["module_data"].clone()));
    assert!(offer.fields.iter().count() >= 14);
    for (field, reading) in offer.fields.iter() {
        assert_eq!((reading.source, reading.rule.as_str()), (SourceType::InlineVar, "lazada.module"), "{field:?}");
        assert_eq!(reading.confidence, 95, "{field:?}");
    }
}
