use serde_json::json;
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn debug() -> anyhow::Result<()> {
    let page = std::env::var("PAGE")?;
    let (server, browser) = crate::start(soi_tests::browser::Kind::Chromium).await?;
    let url = server.url(&page)?;
    browser.open(&format!("{url}{}speed=0", if url.contains('?') { '&' } else { '?' })).await?;
    let steps: usize = std::env::var("STEPS").unwrap_or_default().parse().unwrap_or(0);
    for _ in 0..steps {
        browser.step(1).await?;
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    }
    tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
    println!("badges {:?}", browser.badges().await?);
    let engine = soi_core::Engine::built_in()?;
    let platform = std::env::var("PLATFORM").unwrap_or("youtube".into());
    let snap = crate::collect(&browser, &engine, &platform, 1795435200, 0).await?;
    browser.screenshot(std::path::Path::new("/tmp/debug.png")).await?;
    let back = browser.popup_for_current_tab().await?;
    tokio::time::sleep(std::time::Duration::from_millis(800)).await;
    println!("popup {}", browser.run("return document.body.innerText", vec![]).await?);
    println!("session {}", browser.run("return chrome.storage.session.get(null)", vec![]).await?);
    // what the background would answer to this snapshot
    let text = snap.to_string();
    println!("snapshot {} bytes", text.len());
    let _ = json!(0);
    println!("{}", browser.run("const [json] = arguments; return import(new URL('/engine.js', location.href)).then(({withEngine}) => withEngine((soi) => soi.assess(json, 1795435200))).catch(e => String(e))", vec![json!(text)]).await?.to_string().chars().take(600).collect::<String>());
    browser.screenshot(std::path::Path::new("/tmp/debug-popup.png")).await?;
    browser.close_tab(back).await?;
    browser.quit().await
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn probe() -> anyhow::Result<()> {
    let (server, browser) = crate::start(soi_tests::browser::Kind::Chromium).await?;
    browser.open(&server.url("lazada-product-huge")?).await?;
    println!(
        "len {}",
        browser
            .run("return [...document.querySelectorAll('script')].map(s=>s.type+':'+s.textContent.length)", vec![])
            .await?
    );
    browser.open(&format!("{}&speed=0", server.url("shopee-search")?)).await?;
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    let count = "return [document.querySelectorAll('li.shopee-search-item-result__item').length, document.querySelectorAll('soi-badge').length, [...document.querySelectorAll('li.shopee-search-item-result__item')].map(l=>[l.querySelector('a')?.getAttribute('href'), l.querySelectorAll('soi-badge').length])]";
    println!("{}", browser.run(count, vec![]).await?);
    browser.step(1).await?;
    tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
    println!("{}", browser.run(count, vec![]).await?);
    browser.open(&server.url("shopee-blender-vague")?).await?;
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    let b = browser.badges().await?;
    println!("{b:?}");
    browser.click_at(b[0].x + b[0].width / 2.0, b[0].y + b[0].height / 2.0).await?;
    tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
    println!("windows {}", browser.driver().windows().await?.len());
    browser.screenshot(std::path::Path::new("/tmp/debug.png")).await?;
    let _ = browser.popup_for_current_tab().await?;
    println!("tabs {}", browser.run("return chrome.tabs.query({}).then(t=>t.map(x=>x.url))", vec![]).await?);
    browser.quit().await
}
