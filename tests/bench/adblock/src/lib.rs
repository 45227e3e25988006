//! The crate `adblock` with filter lists loaded and requests parsed, as its own benchmark does before it measures.
//! The same code natively and in WebAssembly.

use std::hint::black_box;

use adblock::Engine;
use adblock::lists::{FilterSet, ParseOptions};
use adblock::request::Request;
use wasm_bindgen::prelude::wasm_bindgen;

/// Filter lists, and requests to check against them.
#[wasm_bindgen]
pub struct Peer {
    engine: Engine,
    requests: Vec<Request>,
}

#[wasm_bindgen]
impl Peer {
    /// Loads lists, and requests, one a line: type, address of the page, address, with tabs between.
    #[wasm_bindgen(constructor)]
    pub fn new(lists: String, requests: &str) -> Self {
        let mut filters = FilterSet::new(false);
        filters.add_filter_list(lists, ParseOptions::default());
        Self { engine: Engine::new_with_filter_set(filters), requests: requests.lines().filter_map(parse).collect() }
    }

    /// The loaded lists, as they are kept to be loaded quickly.
    pub fn serialized(&self) -> Vec<u8> {
        self.engine.serialize()
    }

    /// Loads lists that were kept so, in place of its own.
    ///
    /// # Errors
    /// They are none, with the reason.
    pub fn load(&mut self, serialized: &[u8]) -> Result<(), String> {
        self.engine.deserialize(serialized).map_err(|wrong| format!("{wrong:?}"))
    }

    /// How many requests there are.
    pub fn requests(&self) -> usize {
        self.requests.len()
    }

    /// Checks every request so many times; returns how many checks ended in a block.
    pub fn check(&self, rounds: usize) -> usize {
        let mut blocked = 0;
        for _ in 0..rounds {
            for request in &self.requests {
                blocked += usize::from(black_box(self.engine.check_network_request(black_box(request))).should_block());
            }
        }
        blocked
    }
}

fn parse(line: &str) -> Option<Request> {
    let mut parts = line.split('\t');
    let (kind, source, address) = (parts.next()?, parts.next()?, parts.next()?);
    Request::new(address, source, kind, "GET").ok()
}
