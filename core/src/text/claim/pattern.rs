//! Lines go through the tree of patterns: in at a pattern's rarest word, back to its first, and on to its last.

use std::ops::Range;

use super::line::{Line, Pause, Word};
use super::stance::Around;
use super::{ClaimMatch, GROUPS};
use crate::knowledge::{ClaimCue, ClaimEdge, ClaimGroup, ClaimNode};
use crate::order;

/// Numbers in a row that are one: "một trăm hai mươi ngàn".
const MAX_NUMBER: u32 = 5;

/// A pattern on its way through the line, or at its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    row: u16,
    /// Its first token so far.
    pub(super) token: u32,
    /// The token behind its last.
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
        ways.clear();
        let mut search = Search { line: self, sentence: sentence.clone(), ways };
        for word in self.words_in(sentence.clone()) {
            search.enter(word);
        }
        if !ways.is_empty() {
            self.choose(&sentence, ways, found);
        }
    }

    /// Of all ways those that say something: of each group the longest, unless innocent.
    fn choose(&self, sentence: &Range<u32>, ways: &[Way], found: &mut Vec<ClaimMatch>) {
        let mut around = Around::of(self, sentence);
        let mut reach = [0; GROUPS];
        let mut mandatory = 0;
        let mut innocent = Vec::new();
        let mut next = sentence.start;
        for ways in ways.chunk_by(|one, other| one.token == other.token) {
            let Some((number, token)) = ways.first().and_then(|way| Some((way.token, self.token(way.token)?))) else {
                continue;
            };
            while next <= number {
                if self.token(next).is_some_and(|token| token.is_innocent) {
                    self.add_innocent(next, &mut innocent);
                }
                next += 1;
            }
            // Without diacritics "den gap" is "đền gấp" as well as "đến gấp": that says nothing, unless it goes beyond.
            let is_innocent = |way: &Way| {
                let covers = |it: &Innocent| it.row == way.row && it.end > token.start;
                let goes_beyond = |it: &Innocent| it.start < token.start && it.end >= way.end || it.end > way.end;
                innocent.iter().any(|it| covers(it) && (!it.is_bare || goes_beyond(it)))
            };
            // What lies inside another of its group says no more.
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
                let stance = around.stance(self, &way);
                let (start, end) = (token.start as usize, way.end as usize);
                found.push(ClaimMatch { row: way.row, group: row.group, stance, disguised: false, start, end });
            }
        }
    }

    fn add_innocent(&self, token: u32, innocent: &mut Vec<Innocent>) {
        let start = self.token(token).map_or(0, |token| token.start);
        for word in self.words_at(token).iter().filter(|word| word.meaning.is_innocent) {
            for symbol in self.claims.symbols_of(word.meaning) {
                if let Some(row) = symbol.checked_sub(ClaimCue::COUNT).filter(|row| self.row(*row).is_some()) {
                    innocent.retain(|known| known.row != row || known.end > start);
                    innocent.push(Innocent { row, start, end: word.end, is_bare: word.is_bare });
                }
            }
        }
    }

    /// The token behind a number, and where the number ends.
    fn number_at(&self, token: u32) -> Option<(u32, u32)> {
        match self.token(token) {
            Some(known) if known.is_number => Some((token + 1, known.end)),
            _ => self.cue_at(token, ClaimCue::Number),
        }
    }

    /// The first token of a number that ends before a token.
    fn number_before(&self, token: u32) -> Option<u32> {
        let last = token.checked_sub(1)?;
        if self.token(last).is_some_and(|token| token.is_number) {
            return Some(last);
        }
        let is_number = |word: &&Word<'_>| word.meaning.has(ClaimCue::Number);
        self.words_before(token).filter(is_number).map(|word| word.token).min()
    }
}

/// Looks for the patterns in a sentence.
struct Search<'l, 'k> {
    line: &'l Line<'k>,
    sentence: Range<u32>,
    /// Those found, by their first tokens.
    ways: &'l mut Vec<Way>,
}

impl<'k> Search<'_, 'k> {
    /// Every pattern whose rarest word is this one.
    fn enter(&mut self, word: &Word<'_>) {
        if word.next > self.sentence.end {
            return;
        }
        for node in self.line.claims.entries_of(word.meaning) {
            self.go_back(*node, Way { row: 0, token: word.token, next: word.next, end: word.end });
        }
    }

    /// A node and the symbols that lead on from it.
    fn node(&self, node: u32) -> Option<(&'k ClaimNode, u128)> {
        let claims = self.line.claims;
        Some((claims.nodes.get(node as usize)?, *claims.node_masks.get(node as usize)?))
    }

    /// Goes on from a node to what stands before.
    fn go_back(&mut self, node: u32, way: Way) {
        let (line, Some((node, mask))) = (self.line, self.node(node)) else { return };
        let start = self.sentence.start;
        if mask & line.ends_before(way.token) != 0 {
            let edges = line.claims.symbol_edges(node);
            for word in line.words_before(way.token).filter(|word| word.mask & mask != 0 && word.token >= start) {
                let way = Way { token: word.token, ..way };
                in_both(edges, line.claims.symbols_of(word.meaning), |node| self.go_back(node, way));
            }
        }
        for edge in line.claims.other_edges(node) {
            match edge.step {
                ClaimEdge::TURN => self.go_on(edge.node, way),
                ClaimEdge::NUMBER => {
                    let mut token = way.token;
                    for _ in 0..MAX_NUMBER {
                        let before = line.number_before(token).filter(|before| *before >= start);
                        let Some(before) = before else { break };
                        token = before;
                        self.go_back(edge.node, Way { token, ..way });
                    }
                }
                gap => {
                    let Some((node, mask)) = self.node(edge.node) else { continue };
                    let first = way.token.saturating_sub(u32::from(gap - ClaimEdge::GAP)).max(start);
                    for token in (first..=way.token).rev() {
                        // "Trị nám không hết": no gap reaches over a negation.
                        if token < way.token && line.negates(token) {
                            break;
                        }
                        if mask & line.ends_before(token) != 0 || node.others > 0 {
                            self.go_back(edge.node, Way { token, ..way });
                        }
                    }
                }
            }
        }
    }

    /// Goes on from a node to what stands behind.
    fn go_on(&mut self, node: u32, way: Way) {
        let (line, Some((node, mask))) = (self.line, self.node(node)) else { return };
        let end = self.sentence.end;
        self.arrive(node, way);
        if way.next >= end {
            return;
        }
        if mask & line.starts_at(way.next) != 0 {
            let edges = line.claims.symbol_edges(node);
            for word in line.words_at(way.next).iter().filter(|word| word.mask & mask != 0 && word.next <= end) {
                let way = Way { next: word.next, end: word.end, ..way };
                in_both(edges, line.claims.symbols_of(word.meaning), |node| self.go_on(node, way));
            }
        }
        for edge in line.claims.other_edges(node) {
            if edge.step == ClaimEdge::NUMBER {
                let mut way = way;
                for _ in 0..MAX_NUMBER {
                    let behind = line.number_at(way.next).filter(|(next, _)| *next <= end);
                    let Some((next, end)) = behind else { break };
                    way = Way { next, end, ..way };
                    self.go_on(edge.node, way);
                }
                continue;
            }
            let Some((node, mask)) = self.node(edge.node) else { continue };
            let last = (way.next + u32::from(edge.step - ClaimEdge::GAP)).min(end - 1);
            for next in way.next..=last {
                let Some(token) = line.token(next) else { break };
                if mask & token.starts != 0 || node.others > 0 {
                    self.go_on(edge.node, Way { next, ..way });
                }
                if token.negates {
                    break;
                }
            }
        }
    }

    /// Keeps what is claimed at a node.
    fn arrive(&mut self, node: &ClaimNode, way: Way) {
        let Some(row) = node.row.checked_sub(1) else { return };
        let by_token = |one: &Way, other: &Way| one.token.cmp(&other.token);
        order::insert(self.ways, Way { row, ..way }, by_token);
        let mut also = node.also;
        while let Some((other, _)) = self.node(also).filter(|_| also != 0) {
            order::insert(self.ways, Way { row: other.row.saturating_sub(1), ..way }, by_token);
            // Each stands before the one that names it: no table can lead round in a circle.
            also = if other.also < also { other.also } else { 0 };
        }
    }
}

/// Follows the edges over symbols that a word stands for; both are in order.
fn in_both(edges: &[ClaimEdge], symbols: &[u16], mut follow: impl FnMut(u32)) {
    if edges.len() < symbols.len() {
        for edge in edges {
            if symbols.binary_search(&edge.step).is_ok() {
                follow(edge.node);
            }
        }
        return;
    }
    for symbol in symbols {
        let edge = edges.binary_search_by_key(symbol, |edge| edge.step).ok().and_then(|at| edges.get(at));
        if let Some(edge) = edge {
            follow(edge.node);
        }
    }
}
