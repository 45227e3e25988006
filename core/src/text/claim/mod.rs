//! What a text says to sell: the patterns of `knowledge/claims/` in it, and whether it means them.
//!
//! A line is taken apart once (`line.rs`), its words lead through the tree of patterns (`pattern.rs`), and what stands around a
//! match says how it is meant (`stance.rs`).

mod line;
mod pattern;
mod stance;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Stance;
use super::disguise::Plain;
use crate::knowledge::{ClaimGroup, ClaimRow, Knowledge};
use line::Line;

/// Groups of claims.
const GROUPS: usize = 13;

/// A claim found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimMatch {
    /// Row of the table of claims.
    pub row: u16,
    /// Its group.
    pub group: ClaimGroup,
    /// Whether the text means it.
    pub stance: Stance,
    /// Whether its words were disguised: dots inside, look-alike letters, digits for letters.
    pub disguised: bool,
    /// First byte of its words in the text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

impl Knowledge {
    /// Everything that a text says to sell, in order. Disguises are undone; places are those of the text as it was written.
    pub fn claims(&self, text: &str) -> Vec<ClaimMatch> {
        let mut found = Vec::new();
        let mut from = 0;
        // No sentence goes beyond its line.
        for line in text.split_inclusive('\n') {
            self.claims_of_line(line, from, &mut found);
            from += line.len();
        }
        found
    }

    /// A row of the claims' table.
    pub(crate) fn claim(&self, row: u16) -> Option<&ClaimRow> {
        self.claims.rows.get(usize::from(row))
    }

    fn claims_of_line(&self, text: &str, from: usize, found: &mut Vec<ClaimMatch>) {
        let first = found.len();
        let Some(plain) = Plain::of(text, self) else {
            Line::of(self, text, &|_| false).read(found);
            for claim in found.iter_mut().skip(first) {
                (claim.start, claim.end) = (claim.start + from, claim.end + from);
            }
            return;
        };
        Line::of(self, plain.text(), &|part: Range<usize>| plain.is_replaced(part)).read(found);
        for claim in found.iter_mut().skip(first) {
            let part = claim.start..claim.end;
            claim.disguised = plain.is_disguised(part.clone());
            let (start, end) = plain.written(part);
            (claim.start, claim.end) = (start + from, end + from);
        }
    }
}
