//! The pages' web server: one address answers for every host of `www/routes.toml`, over TLS, and a proxy
//! in front of it lets a browser use the real addresses and sees every other request that it tries to make.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use axum_server::tls_rustls::RustlsConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;

use crate::pages::{LABEL_HOST, Rendered, Site};

/// The host of packs: what [`Server::offer`] puts there.
pub const PACKS_HOST: &str = "packs.soi.example";
/// Longest request head that the proxy reads.
const MAX_HEAD: usize = 16 * 1024;

/// A running server. It stops when dropped.
pub struct Server {
    inner: Arc<Inner>,
    pages: SocketAddr,
    proxy: SocketAddr,
    handle: axum_server::Handle<SocketAddr>,
    tunnels: tokio::task::JoinHandle<()>,
}

struct Inner {
    site: Site,
    packs: Mutex<BTreeMap<String, Offer>>,
    seen: Mutex<Vec<Seen>>,
}

/// A request that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Host asked for.
    pub host: String,
    /// Path and query; empty when the connection was refused before one was sent.
    pub path: String,
    /// What was there.
    pub answer: Answer,
}

/// What stands at an address of the host of packs.
#[derive(Debug, Clone)]
pub enum Offer {
    /// These bytes.
    Bytes(Vec<u8>),
    /// These bytes, and zeros without an end behind them.
    Endless(Vec<u8>),
}

/// What a request was answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A page, by its route's name.
    Page(String),
    /// A shared file or a picture.
    File,
    /// One of our hosts, and nothing there: 404.
    Nothing,
    /// A host that is none of ours: refused.
    Foreign,
}

impl Server {
    /// Serves the pages of this workspace on free ports of 127.0.0.1.
    ///
    /// # Errors
    /// Pages that cannot be read, or no free port.
    pub async fn start() -> Result<Self> {
        Self::start_at(Site::load()?, 0, 0).await
    }

    /// Serves pages on given ports; 0 is any free one.
    ///
    /// # Errors
    /// A port that is taken.
    pub async fn start_at(site: Site, pages_port: u16, proxy_port: u16) -> Result<Self> {
        let tls = certificate(&site)?;
        let listener = listen(pages_port)?;
        let pages = listener.local_addr()?;
        let inner = Arc::new(Inner { site, packs: Mutex::default(), seen: Mutex::default() });
        let app = Router::new().fallback(answer).with_state(Arc::clone(&inner));
        let handle = axum_server::Handle::new();
        let serving = axum_server::from_tcp_rustls(listener, tls)?.handle(handle.clone());
        tokio::spawn(serving.serve(app.into_make_service()));

        let listener = tokio::net::TcpListener::from_std(listen(proxy_port)?)?;
        let proxy = listener.local_addr()?;
        let tunnels = tokio::spawn(accept_tunnels(listener, Arc::clone(&inner), pages));
        Ok(Self { inner, pages, proxy, handle, tunnels })
    }

    /// The pages it serves.
    pub fn site(&self) -> &Site {
        &self.inner.site
    }

    /// Where it answers over TLS, for every host.
    pub fn pages(&self) -> SocketAddr {
        self.pages
    }

    /// The proxy that browsers are told to use.
    pub fn proxy(&self) -> SocketAddr {
        self.proxy
    }

    /// Address of a route.
    ///
    /// # Errors
    /// No such route.
    pub fn url(&self, route: &str) -> Result<String> {
        self.site().url(route)
    }

    /// Puts something at a path of the host of packs.
    pub fn offer(&self, path: &str, offer: Offer) {
        self.inner.packs.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), offer);
    }

    /// Every request since the last [`Server::forget`].
    pub fn seen(&self) -> Vec<Seen> {
        self.inner.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The requests that no page of ours makes: to other hosts, or for what is not there.
    /// What browsers ask of their own makers is left out.
    pub fn unexpected(&self) -> Vec<Seen> {
        let mut seen = self.seen();
        seen.retain(|seen| match seen.answer {
            Answer::Page(_) | Answer::File => false,
            Answer::Nothing => true,
            Answer::Foreign => !crate::browser::is_makers_host(&seen.host),
        });
        seen
    }

    /// Forgets the requests so far.
    pub fn forget(&self) {
        self.inner.seen.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.tunnels.abort();
        self.handle.shutdown();
    }
}

impl Inner {
    fn note(&self, host: &str, path: &str, answer: Answer) {
        let seen = Seen { host: host.to_owned(), path: path.to_owned(), answer };
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    }
}

fn listen(port: u16) -> Result<TcpListener> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("port {port} of 127.0.0.1 is not free"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// A certificate for every host, signed by nobody.
fn certificate(site: &Site) -> Result<RustlsConfig> {
    let names: Vec<String> = site.hosts().into_iter().chain([PACKS_HOST]).map(str::to_owned).collect();
    let made = rcgen::generate_simple_self_signed(names)?;
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())?;
    Ok(RustlsConfig::from_config(Arc::new(config)))
}

async fn answer(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let host = (request.headers().get(header::HOST))
        .and_then(|host| host.to_str().ok())
        .map(|host| host.split_once(':').map_or(host, |(name, _)| name).to_ascii_lowercase())
        .unwrap_or_default();
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    if host == PACKS_HOST {
        return answer_for_packs(&inner, &request, &path);
    }
    let found = match inner.site.find(&host, &path) {
        Some(route) => inner.site.render(route).map(|page| Some((Answer::Page(route.name.clone()), page))),
        None if host == LABEL_HOST => inner.site.label_file(&path).map(|file| file.map(|file| (Answer::File, file))),
        None if inner.site.hosts().contains(host.as_str()) => {
            inner.site.file(&path).map(|file| file.map(|file| (Answer::File, file)))
        }
        None => Ok(None),
    };
    match found {
        Ok(Some((answer, page))) => {
            inner.note(&host, &path, answer);
            respond(page)
        }
        Ok(None) => {
            inner.note(&host, &path, Answer::Nothing);
            plain(StatusCode::NOT_FOUND, "Không có trang này.")
        }
        Err(error) => {
            inner.note(&host, &path, Answer::Nothing);
            plain(StatusCode::INTERNAL_SERVER_ERROR, &format!("{error:#}"))
        }
    }
}

/// As a publisher's server answers: anybody may read it, and whoever has it already is told so.
fn answer_for_packs(inner: &Inner, request: &Request, path: &str) -> Response {
    let offer = inner.packs.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
    inner.note(PACKS_HOST, path, if offer.is_some() { Answer::File } else { Answer::Nothing });
    let (status, tag, body) = match offer {
        _ if request.method() == Method::OPTIONS => (StatusCode::NO_CONTENT, String::new(), Body::empty()),
        None => (StatusCode::NOT_FOUND, String::new(), Body::empty()),
        Some(Offer::Bytes(bytes)) => {
            let tag = format!("\"{:x}\"", Sha256::digest(&bytes));
            let is_known = request.headers().get(header::IF_NONE_MATCH).is_some_and(|known| *known == tag);
            if is_known { (StatusCode::NOT_MODIFIED, tag, Body::empty()) } else { (StatusCode::OK, tag, bytes.into()) }
        }
        Some(Offer::Endless(bytes)) => {
            let zeros = std::iter::repeat_with(|| vec![0; 16 * 1024]);
            let parts = std::iter::once(bytes).chain(zeros).map(Ok::<_, std::convert::Infallible>);
            (StatusCode::OK, String::new(), Body::from_stream(futures_util::stream::iter(parts)))
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let allowed = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "If-None-Match"),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, "ETag"),
        (header::ETAG, &tag),
    ];
    for (name, value) in allowed.into_iter().filter(|(_, value)| !value.is_empty()) {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

fn respond(page: Rendered) -> Response {
    let mut response = Response::new(Body::from(page.body));
    *response.status_mut() = StatusCode::from_u16(page.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in page.headers {
        if let (Ok(name), Ok(value)) = (header::HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    response
}

fn plain(status: StatusCode, text: &str) -> Response {
    respond(Rendered {
        status: status.as_u16(),
        headers: vec![("content-type".to_owned(), "text/plain; charset=utf-8".to_owned())],
        body: text.as_bytes().to_vec(),
    })
}

async fn accept_tunnels(listener: tokio::net::TcpListener, inner: Arc<Inner>, pages: SocketAddr) {
    loop {
        // A browser that went away before it was let in is no reason to close the door.
        let Ok((browser, _)) = listener.accept().await else { continue };
        let inner = Arc::clone(&inner);
        // A tunnel ends when either side goes away, which is no failure.
        tokio::spawn(async move { tunnel(browser, &inner, pages).await.ok() });
    }
}

/// One `CONNECT host:port`: to the pages when the host is ours, refused and noted when it is not.
async fn tunnel(mut browser: TcpStream, inner: &Inner, pages: SocketAddr) -> Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < MAX_HEAD {
        head.push(browser.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head);
    let mut words = head.split_ascii_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let authority = target.strip_prefix("http://").unwrap_or(target);
    let authority = authority.split_once('/').map_or(authority, |(authority, _)| authority);
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host).to_ascii_lowercase();
    if method != "CONNECT" || !(host == PACKS_HOST || inner.site.hosts().contains(host.as_str())) {
        inner.note(&host, "", Answer::Foreign);
        browser.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await?;
        return Ok(());
    }
    let mut page = TcpStream::connect(pages).await?;
    browser.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    copy_bidirectional(&mut browser, &mut page).await?;
    Ok(())
}
