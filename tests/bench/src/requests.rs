//! Requests that Soi adds to a page view.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use soi_tests::browser::{Browser, Kind};
use soi_tests::pages::Role;
use soi_tests::server::{Answer, Server};

use crate::row::Row;
use crate::{with_soi, without_soi};

/// How long a page is watched: several times as long as a badge needs.
const WATCHED: Duration = Duration::from_secs(2);

/// Requests, and how often each was made.
type Requests = BTreeMap<(String, String), usize>;

pub(crate) async fn rows(server: &Server) -> Result<Vec<Row>> {
    let routes: Vec<String> = one_page_a_platform(server);
    let browser = without_soi(Kind::Chromium, server).await?;
    let before = requests(&browser, server, &routes).await?;
    browser.quit().await?;
    let browser = with_soi(Kind::Chromium, server).await?;
    let after = requests(&browser, server, &routes).await?;
    browser.quit().await?;
    let mut added = 0;
    for (request, count) in &after {
        let more = count.saturating_sub(before.get(request).copied().unwrap_or_default());
        if more > 0 {
            println!("  added {more}: {request:?}");
        }
        added += more;
    }
    let name = format!("requests added to a page view, {} platforms", routes.len());
    Ok(vec![Row::new(name, added as f64 / routes.len() as f64, "requests").at_most(0.0)])
}

/// The first page of each platform on which something is found.
fn one_page_a_platform(server: &Server) -> Vec<String> {
    let mut routes = BTreeMap::new();
    for route in server.site().routes().iter().filter(|route| route.role == Role::Problem) {
        routes.entry(route.platform()).or_insert_with(|| route.name.clone());
    }
    routes.into_values().collect()
}

/// Every request while the pages are viewed, but those to the browser's maker.
async fn requests(browser: &Browser, server: &Server, routes: &[String]) -> Result<Requests> {
    let mut requests = Requests::new();
    for route in routes {
        server.forget();
        browser.open(&server.url(route)?).await?;
        tokio::time::sleep(WATCHED).await;
        let unexpected = server.unexpected();
        for seen in server.seen() {
            if seen.answer != Answer::Foreign || unexpected.contains(&seen) {
                *requests.entry((seen.host, seen.path)).or_default() += 1;
            }
        }
    }
    Ok(requests)
}
