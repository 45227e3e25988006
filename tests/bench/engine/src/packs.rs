//! A pack of records, opened and looked into.

use std::hint::black_box;

use soi_core::pack::{
    Expected, Header, Pack, PackError, PackKind, RECORDS_LAYOUT, RecordSet, RecordsBody, Sealed, Seen, Trust,
};
use soi_core::record::Key;
use wasm_bindgen::prelude::wasm_bindgen;

/// Names to look up, in the order in which they are.
#[wasm_bindgen]
pub struct Names(Vec<Key>);

#[wasm_bindgen]
impl Names {
    /// Reads keys, one a line.
    ///
    /// # Errors
    /// A line that is no key, with the reason.
    #[wasm_bindgen(constructor)]
    pub fn new(lines: &str) -> Result<Self, String> {
        let keys = lines.lines().map(|line| line.parse().map_err(|wrong| format!("{wrong}")));
        keys.collect::<Result<_, _>>().map(Self)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

/// A pack in use.
#[wasm_bindgen]
pub struct Packed {
    pub(crate) set: RecordSet,
    trust: Trust,
}

#[wasm_bindgen]
impl Packed {
    /// Opens a pack without looking at its signature, which takes other tools natively and in a browser.
    ///
    /// # Errors
    /// A pack that is refused, with the reason.
    #[wasm_bindgen(constructor)]
    pub fn new(pack: Vec<u8>) -> Result<Self, String> {
        let trust = Trust::built_in();
        let set = opened(pack, &trust).and_then(RecordSet::new).map_err(|wrong| wrong.to_string())?;
        Ok(Self { set, trust })
    }

    /// Opens it so many times; returns the number of its keys, of all times.
    pub fn open(&self, rounds: usize) -> usize {
        let mut keys = 0;
        for _ in 0..rounds {
            let pack = opened(black_box(self.set.base().bytes()), &self.trust);
            keys += pack.and_then(|pack| Ok(RecordsBody::open(pack.body())?.keys())).unwrap_or(0);
        }
        keys
    }

    /// Looks up every name; returns the number of events found.
    pub fn find(&self, names: &Names) -> usize {
        names.0.iter().map(|key| black_box(self.set.find(black_box(key))).map_or(0, |events| events.len())).sum()
    }
}

fn opened<B: AsRef<[u8]>>(bytes: B, trust: &Trust) -> Result<Pack<B>, PackError> {
    let header = Header::read(bytes.as_ref())?;
    let expected = Expected {
        kind: PackKind::Records,
        layout: RECORDS_LAYOUT,
        set: Some(header.set),
        shard: None,
        in_use: Some(header.sequence),
    };
    let seen = Seen { signature_fits: true, body_hash: header.body_hash };
    Sealed::read(bytes, trust, &expected, header.created)?.open(seen)
}
