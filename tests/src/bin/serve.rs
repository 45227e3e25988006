//! Serves the local test pages for a person to look at, and prints their addresses.
//!
//! `serve [PAGES_PORT [PROXY_PORT]]`; without ports, any free ones.

use anyhow::{Context, Result};
use soi_tests::pages::Site;
use soi_tests::server::Server;

#[tokio::main]
async fn main() -> Result<()> {
    let mut ports = Vec::new();
    for argument in std::env::args().skip(1) {
        ports.push(argument.parse::<u16>().with_context(|| format!("\"{argument}\" is not a port"))?);
    }
    let port = |place: usize| ports.get(place).copied().unwrap_or(0);
    let server = Server::start_at(Site::load()?, port(0), port(1)).await?;
    for route in server.site().routes() {
        println!("{:<34} {}", route.name, route.url());
        println!("{:<34} {}", "", route.shows);
    }
    println!();
    println!("pages {} · proxy {}", server.pages(), server.proxy());
    println!("Chromium: --proxy-server=http://{} --ignore-certificate-errors", server.proxy());
    tokio::signal::ctrl_c().await?;
    Ok(())
}
