//! What was said in a room, as it came: kept as what it claims, not as lines, so that nothing is lost however much is said
//! and no viewer's words are stored.

use serde::{Deserialize, Serialize};

use super::crowd::Crowd;
use super::snapshot::{Line, Speaker};
use crate::knowledge::{ClaimGroup, Knowledge, LineKind};
use crate::text::{Stance, shorten};

/// Longest quote that is kept, bytes.
const MAX_QUOTE: usize = 160;
/// Most different things that are remembered of a room. There are fewer rows in the table of claims.
const MAX_REMARKS: usize = 400;

/// What was said in a room.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    /// Lines of the host that were read.
    pub heard: u32,
    /// The first words of the host.
    pub first: Option<String>,
    /// What the host said to sell, each thing once for speech and once for what is written, in the order in which it was
    /// first said.
    pub remarks: Vec<Remark>,
    /// Sentences of viewers that come again and again.
    pub crowd: Crowd,
}

/// Something that the host said to sell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Its group.
    pub group: ClaimGroup,
    /// Its code within the group.
    pub code: String,
    /// The words, as they were written or recognised, when it was first said.
    pub quote: String,
    /// Whether it was recognised from speech, which is noisy.
    pub spoken: bool,
    /// Whether the words were disguised.
    pub disguised: bool,
    /// When it was first said, seconds since 1970.
    pub at: i64,
    /// How often it was said.
    pub times: u32,
}

impl Remark {
    /// What a written text says to sell, and means.
    pub(crate) fn all(knowledge: &Knowledge, text: &str, at: i64) -> Vec<Self> {
        let stated = knowledge.claims(text).into_iter().filter(|claim| claim.stance == Stance::Stated);
        let remark = stated.filter_map(|claim| {
            Some(Self {
                group: claim.group,
                code: knowledge.claim(claim.row)?.code.clone(),
                quote: text.get(claim.start..claim.end)?.to_owned(),
                spoken: false,
                disguised: claim.disguised,
                at,
                times: 1,
            })
        });
        remark.collect()
    }
}

impl Talk {
    /// Takes in new lines.
    pub(crate) fn hear(&mut self, knowledge: &Knowledge, lines: &[Line]) {
        for line in lines {
            if line.speaker != Speaker::Host && line.kind != LineKind::Pinned {
                self.crowd.hear(&line.text, line.at);
                continue;
            }
            self.heard = self.heard.saturating_add(1);
            if self.first.is_none() {
                self.first = Some(shorten(&line.text, MAX_QUOTE));
            }
            for mut remark in Remark::all(knowledge, &line.text, line.at) {
                remark.quote = shorten(&remark.quote, MAX_QUOTE);
                remark.spoken = line.kind == LineKind::Caption;
                self.add(remark);
            }
        }
    }

    /// Adds what was heard later.
    pub(crate) fn absorb(&mut self, newer: Self) {
        self.heard = self.heard.saturating_add(newer.heard);
        self.first = self.first.take().or(newer.first);
        for remark in newer.remarks {
            self.add(remark);
        }
        self.crowd.absorb(newer.crowd);
    }

    fn add(&mut self, remark: Remark) {
        let is_same =
            |known: &Remark| (known.group, known.spoken) == (remark.group, remark.spoken) && known.code == remark.code;
        if let Some(known) = self.remarks.iter_mut().find(|known| is_same(known)) {
            known.times = known.times.saturating_add(remark.times);
            // Words that somebody took the trouble to disguise say more.
            if remark.disguised && !known.disguised {
                (known.quote, known.disguised) = (remark.quote, true);
            }
        } else if self.remarks.len() < MAX_REMARKS {
            self.remarks.push(remark);
        }
    }
}
