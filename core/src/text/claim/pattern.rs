//! Lines go through the tree of patterns, token by token.

use std::ops::Range;

use super::line::{Line, Pause};
use super::stance::Around;
use super::{ClaimMatch, GROUPS};
use crate::knowledge::{ClaimCue, ClaimEdge, ClaimGroup, ClaimNode};

/// Numbers in a row that are one: "hai mươi ngàn".
const MAX_NUMBER: u32 = 3;

/// A pattern on its way through the line, or at its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    row: u16,
    /// Its first token.
    pub(super) token: u32,
    /// The token behind it.
    pub(super) next: u32,
    /// Where its last word ends, in bytes.
    end: u32,
}

/// Words that make a claim of a row innocent.
#[derive(Debug, Clone, Copy)]
struct Innocent {
    row: u16,
    /// Where they start and end, in bytes.
    start: u32,
    end: u32,
    is_bare: bool,
}

impl Line<'_> {
    /// Adds what the line claims, in order.
    pub(super) fn read(&self, found: &mut Vec<ClaimMatch>) {
        let count = self.tokens.len() as u32;
        let mut ways = Vec::new();
        let mut from = 0;
        while from < count {
            let mut to = from + 1;
            while self.pause_before(to) < Pause::Stop && to < count {
                to += 1;
            }
            self.read_sentence(from..to, &mut ways, found);
            from = to;
        }
    }

    fn read_sentence(&self, sentence: Range<u32>, ways: &mut Vec<Way>, found: &mut Vec<ClaimMatch>) {
        let mut around = Around::of(self, &sentence);
        let mut reach = [0; GROUPS];
        let mut mandatory = 0;
        let mut innocent = Vec::new();
        for number in sentence.clone() {
            let Some(token) = self.token(number) else { continue };
            around.pass(self, number);
            if token.is_innocent {
                self.add_innocent(number, &mut innocent);
            }
            ways.clear();
            self.start(number, sentence.end, ways);
            if ways.is_empty() {
                continue;
            }
            // Without diacritics "den gap" is "đền gấp" as well as "đến gấp": that says nothing, unless it goes beyond.
            let is_innocent = |way: &Way| {
                let covers = |it: &Innocent| it.row == way.row && it.end > token.start;
                let goes_beyond = |it: &Innocent| it.start < token.start && it.end >= way.end || it.end > way.end;
                innocent.iter().any(|it| covers(it) && (!it.is_bare || goes_beyond(it)))
            };
            // Of each group the longest: what lies inside another of its group says no more.
            let mut longest: [Option<Way>; GROUPS] = [None; GROUPS];
            for way in ways.iter().filter(|way| !is_innocent(way)) {
                let group = self.row(way.row).map_or(0, |row| row.group as usize);
                if let Some(known) = longest.get_mut(group)
                    && known.is_none_or(|known| (way.end, known.row) > (known.end, way.row))
                {
                    *known = Some(*way);
                }
            }
            for (way, reach) in longest.into_iter().zip(&mut reach) {
                let Some((way, row)) = way.and_then(|way| Some((way, self.row(way.row)?))) else { continue };
                if way.end <= *reach || way.end <= mandatory {
                    continue;
                }
                *reach = way.end;
                if row.group == ClaimGroup::MandatoryLine {
                    mandatory = way.end;
                }
                let stance = around.stance(&way);
                let (start, end) = (token.start as usize, way.end as usize);
                found.push(ClaimMatch { row: way.row, group: row.group, stance, disguised: false, start, end });
            }
        }
    }

    fn add_innocent(&self, token: u32, innocent: &mut Vec<Innocent>) {
        let start = self.token(token).map_or(0, |token| token.start);
        for word in self.words_at(token) {
            for symbol in self.symbols(word) {
                if let Some(row) = symbol.checked_sub(ClaimCue::COUNT).filter(|row| self.row(*row).is_some()) {
                    innocent.retain(|known| known.row != row || known.end > start);
                    innocent.push(Innocent { row, start, end: word.end, is_bare: word.is_bare });
                }
            }
        }
    }

    /// Every pattern that starts at a token.
    fn start(&self, token: u32, to: u32, ways: &mut Vec<Way>) {
        let way = Way { row: 0, token, next: token, end: 0 };
        for word in self.words_at(token).iter().filter(|word| word.next <= to) {
            for symbol in self.symbols(word) {
                let node = self.claims.starts.get(usize::from(*symbol)).copied().unwrap_or(0);
                if node != 0 {
                    self.follow(node, Way { next: word.next, end: word.end, ..way }, to, ways);
                }
            }
        }
        if self.claims.starts_with_number != 0 {
            self.follow_number(self.claims.starts_with_number, way, to, ways);
        }
    }

    /// Goes on from a node.
    fn follow(&self, node: u32, way: Way, to: u32, ways: &mut Vec<Way>) {
        let Some(ClaimNode { first, count, row, mut also }) = self.claims.nodes.get(node as usize).copied() else {
            return;
        };
        if let Some(row) = row.checked_sub(1) {
            ways.push(Way { row, ..way });
        }
        while let Some(other) = self.claims.nodes.get(also as usize).filter(|_| also != 0) {
            ways.push(Way { row: other.row.saturating_sub(1), ..way });
            // Each stands before the one that names it: no table can lead round in a circle.
            also = if other.also < also { other.also } else { 0 };
        }
        if way.next >= to || !self.leads_on(node, way.next) {
            return;
        }
        let edges = self.claims.edges.get(first as usize..first as usize + usize::from(count)).unwrap_or_default();
        // Symbols come before numbers and gaps.
        let (symbols, others) = edges.split_at(edges.partition_point(|edge| edge.step < ClaimEdge::NUMBER));
        if !symbols.is_empty() {
            for word in self.words_at(way.next).iter().filter(|word| word.next <= to) {
                for symbol in self.symbols(word) {
                    let edge = symbols.binary_search_by_key(symbol, |edge| edge.step).ok();
                    if let Some(edge) = edge.and_then(|at| symbols.get(at)) {
                        self.follow(edge.node, Way { next: word.next, end: word.end, ..way }, to, ways);
                    }
                }
            }
        }
        for edge in others {
            if edge.step == ClaimEdge::NUMBER {
                self.follow_number(edge.node, way, to, ways);
                continue;
            }
            for skipped in 0..=u32::from(edge.step - ClaimEdge::GAP) {
                let next = way.next + skipped;
                // "Trị nám không hết": no gap reaches over a negation.
                if next >= to || skipped > 0 && self.negation_at(next - 1).is_some() {
                    break;
                }
                if self.leads_on(edge.node, next) {
                    self.follow(edge.node, Way { next, ..way }, to, ways);
                }
            }
        }
    }

    /// Whether anything at a token could lead on from a node.
    fn leads_on(&self, node: u32, token: u32) -> bool {
        let ways_on = self.claims.masks.get(node as usize).copied().unwrap_or(0);
        ways_on & self.token(token).map_or(0, |token| token.mask) != 0 || ways_on == u64::MAX
    }

    /// Goes on over each way to read a number.
    fn follow_number(&self, node: u32, way: Way, to: u32, ways: &mut Vec<Way>) {
        let mut next = way.next;
        for _ in 0..MAX_NUMBER {
            let Some((behind, end)) = self.number_at(next).filter(|(behind, _)| *behind <= to) else { return };
            next = behind;
            self.follow(node, Way { next, end, ..way }, to, ways);
        }
    }

    /// The token behind a number, and where the number ends.
    fn number_at(&self, token: u32) -> Option<(u32, u32)> {
        match self.token(token) {
            Some(known) if known.is_number => Some((token + 1, known.end)),
            _ => self.cue_at(token, ClaimCue::Number),
        }
    }
}
