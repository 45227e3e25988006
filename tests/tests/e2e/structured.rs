//! Public structured-data samples: what the content script collects from them, and what the engine reads, equal the
//! samples' own expected files where they describe a product.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use soi_core::Engine;
use soi_core::knowledge::FieldName;
use soi_core::page::plan::collect_plan;
use soi_core::page::snapshot::PageSnapshot;
use soi_core::page::{FieldValue, Fields};
use soi_tests::browser::{Browser, Kind, Options};
use soi_tests::pages::workspace;
use soi_tests::server::Server;

use crate::{fixtures, in_both_browsers};

in_both_browsers!(samples_equal_their_expected_files);

/// Samples that describe a product: page, expected file.
const MICRODATA: [(&str, &str); 5] = [
    ("schema.org/product.html", "schema.org/product.json"),
    ("misc/product_microdata.html", "schema.org/product.json"),
    ("websites/microdata-with-description.html", "websites/microdata-with-description.json"),
    ("w3c/microdata.4.2.meter.html", "w3c/microdata.4.2.meter.json"),
    ("schema.org/product-ref.html", "schema.org/product-ref.json"),
];
const OPENGRAPH: [(&str, &str); 1] = [("misc/opengraph_ns_product_test.html", "misc/opengraph_ns_product_test.json")];

async fn samples_equal_their_expected_files(kind: Kind) -> Result<()> {
    let Some(folder) = fixtures() else { return Ok(()) };
    let folder = folder.join("generic/extruct-samples");
    let engine = Engine::built_in()?;
    let server = Server::start().await?;
    let browser = Browser::start(kind, &server, &Options { package: None, ..Options::release(kind) }).await?;
    browser.open(&server.url("shop-article")?).await?;
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).with_context(|| path.to_owned());
    let mut fields = 0;
    for (page, expected) in MICRODATA {
        let expected: Value = serde_json::from_str(&read(expected)?)?;
        let product = (expected.as_array().into_iter().flatten())
            .find(|item| item["type"].to_string().contains("Product"))
            .context("no product in the expected file")?;
        let read = read_sample(&browser, &engine, &read(page)?).await?;
        fields += compare(page, &read, &Expected::of_microdata(&product["properties"]))?;
    }
    for (page, expected) in OPENGRAPH {
        let expected: Value = serde_json::from_str(&read(expected)?)?;
        let snapshot = collect_sample(&browser, &engine, &read(page)?).await?;
        fields += compare_meta(page, &snapshot["meta"], &expected[0]["properties"])?;
    }
    println!("{fields} fields of public samples equal their expected files in {}", kind.name());
    browser.quit().await
}

async fn collect_sample(browser: &Browser, engine: &Engine, html: &str) -> Result<Value> {
    let knowledge = engine.knowledge();
    let platform = knowledge.platform("schemaorg").context("no rules for any shop")?;
    let plan = serde_json::to_value(collect_plan(knowledge, platform)?)?;
    let collector = std::fs::read_to_string(workspace().join("extension/content/collect.js"))?;
    let script = format!(
        "const [plan, html] = arguments;\n(() => {{\n{collector}\n}})();\n\
         const page = new DOMParser().parseFromString(html, 'text/html');\n\
         const at = {{ href: 'https://shop.example.vn/sample', host: 'shop.example.vn', hostname: 'shop.example.vn', pathname: '/sample', search: '' }};\n\
         return globalThis.soi.collect(plan, page, at, 1795435200, globalThis.soi.newState('other'));"
    );
    browser.run(&script, vec![plan, json!(html)]).await
}

async fn read_sample(browser: &Browser, engine: &Engine, html: &str) -> Result<Fields> {
    let mut snapshot = collect_sample(browser, engine, html).await?;
    // The samples are saved under another address than their own.
    snapshot["canonical"] = Value::Null;
    let page = engine.read(&PageSnapshot::from_json(&snapshot.to_string())?)?;
    let offer = page.offers.into_iter().next().with_context(|| format!("no product was read from {snapshot}"))?;
    Ok(offer.fields)
}

/// The fields that both Soi and a sample's expected file know.
#[derive(Default)]
struct Expected {
    title: Option<String>,
    brand: Option<String>,
    description: Option<String>,
    shop: Option<String>,
    price: Option<(u64, String)>,
    rating: Option<u16>,
    rating_count: Option<u64>,
}

impl Expected {
    fn of_microdata(properties: &Value) -> Self {
        let text = |value: &Value| -> Option<String> {
            let value = value.as_array().map_or(value, |items| &items[0]);
            value.as_str().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
        };
        let first = |value: &Value| value.as_array().map_or(value.clone(), |items| items[0].clone());
        let rating = first(&properties["aggregateRating"])["properties"].clone();
        let offers: Vec<Value> = match &properties["offers"] {
            Value::Array(offers) => offers.clone(),
            Value::Null => Vec::new(),
            offer => vec![offer.clone()],
        };
        let price = offers
            .iter()
            .map(|offer| &offer["properties"])
            .filter_map(|offer| {
                let words = text(&offer["lowPrice"]).or_else(|| text(&offer["price"]))?;
                let hundredths = (words.parse::<f64>().ok()? * 100.0).round() as u64;
                Some((hundredths, text(&offer["priceCurrency"])?))
            })
            .min();
        Self {
            title: text(&properties["name"]),
            brand: text(&properties["brand"]),
            description: text(&properties["description"]),
            shop: offers.iter().find_map(|offer| text(&offer["properties"]["seller"]["properties"]["name"])),
            price,
            rating: text(&rating["ratingValue"])
                .and_then(|stars| stars.parse::<f64>().ok())
                .map(|stars| (stars * 100.0).round() as u16),
            rating_count: text(&rating["reviewCount"]).and_then(|count| count.parse().ok()),
        }
    }
}

/// Every entry that Soi copies is the one that is expected; the page's other sources may know a better title.
fn compare_meta(page: &str, meta: &Value, expected: &Value) -> Result<usize> {
    let entries = meta.as_array().context("no meta entries")?;
    for entry in entries {
        let pair = json!([entry["name"], entry["content"]]);
        ensure!(expected.as_array().is_some_and(|pairs| pairs.contains(&pair)), "{page}: {pair} is not expected");
    }
    let names: Vec<&Value> = entries.iter().map(|entry| &entry["name"]).collect();
    for name in ["og:type", "og:url", "og:title", "product:price:amount", "product:price:currency"] {
        ensure!(names.contains(&&json!(name)), "{page}: no {name}");
    }
    Ok(entries.len())
}

/// Compares every field that is expected; returns how many there were.
fn compare(page: &str, read: &Fields, expected: &Expected) -> Result<usize> {
    let mut compared = 0;
    for (field, words) in [
        (FieldName::Title, &expected.title),
        (FieldName::Brand, &expected.brand),
        (FieldName::Description, &expected.description),
        (FieldName::ShopName, &expected.shop),
    ] {
        if let Some(words) = words {
            let given = read.text(field).map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
            ensure!(given.as_ref() == Some(words), "{page}: {field:?} is {given:?}, expected {words:?}");
            compared += 1;
        }
    }
    let values = [
        (FieldName::Price, expected.price.clone().map(|(amount, currency)| FieldValue::Money { amount, currency })),
        (FieldName::Rating, expected.rating.map(FieldValue::Stars)),
        (FieldName::RatingCount, expected.rating_count.map(FieldValue::Count)),
    ];
    for (field, value) in values {
        if let Some(value) = value {
            let given = read.get(field).map(|reading| &reading.value);
            ensure!(given == Some(&value), "{page}: {field:?} is {given:?}, expected {value:?}");
            compared += 1;
        }
    }
    ensure!(compared >= 2, "{page}: only {compared} fields to compare");
    Ok(compared)
}
