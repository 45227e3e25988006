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
