//! `Engine::assess` alone, in a loop. The shipped module has no such call: there a snapshot is read each time and the
//! answer written as text.

use std::hint::black_box;

use soi_core::Engine;
use soi_core::pack::Records;
use soi_core::page::Page;
use soi_core::page::snapshot::PageSnapshot;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::packs::Packed;

/// Pages that were read, and the snapshots that they were read from.
#[wasm_bindgen]
pub struct Pages {
    engine: Engine,
    snapshots: Vec<PageSnapshot>,
    pages: Vec<Page>,
    records: Records,
}

#[wasm_bindgen]
impl Pages {
    /// Reads snapshots, one a line.
    ///
    /// # Errors
    /// A snapshot that is not accepted, with the reason.
    #[wasm_bindgen(constructor)]
    pub fn new(snapshots: &str) -> Result<Self, String> {
        let engine = Engine::built_in().map_err(|wrong| wrong.to_string())?;
        let snapshots: Vec<PageSnapshot> = (snapshots.lines())
            .map(|line| PageSnapshot::from_json(line).map_err(|wrong| wrong.to_string()))
            .collect::<Result<_, _>>()?;
        let pages = (snapshots.iter())
            .map(|snapshot| engine.read(snapshot).map_err(|wrong| wrong.to_string()))
            .collect::<Result<_, _>>()?;
        Ok(Self { engine, snapshots, pages, records: Records::default() })
    }

    /// Holds the pages against a pack's records from now on.
    pub fn against(&mut self, packed: Packed) {
        self.records.put(packed.set);
    }

    /// How many pages there are.
    pub fn count(&self) -> usize {
        self.pages.len()
    }

    /// Assesses every page so many times; returns the number of products assessed.
    pub fn assess(&self, rounds: usize) -> usize {
        let mut offers = 0;
        for _ in 0..rounds {
            for (page, snapshot) in self.pages.iter().zip(&self.snapshots) {
                offers += black_box(self.engine.assess(black_box(page), &self.records, snapshot.taken_at)).offers.len();
            }
        }
        offers
    }

    /// Reads and assesses every snapshot so many times; returns the number of products assessed.
    pub fn read_and_assess(&self, rounds: usize) -> usize {
        let mut offers = 0;
        for _ in 0..rounds {
            for snapshot in &self.snapshots {
                if let Ok(page) = self.engine.read(black_box(snapshot)) {
                    offers += black_box(self.engine.assess(&page, &self.records, snapshot.taken_at)).offers.len();
                }
            }
        }
        offers
    }
}

// What the caller in Rust needs and JavaScript does not.
impl Pages {
    /// The pages.
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }
}
