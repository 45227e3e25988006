//! A line's sentences and the patterns in them: from a pattern's rarest word back to its first, and on to its last.

use std::ops::Range;

use super::line::{Line, Word};
use super::stance::Around;
use super::tokens::Pause;
use super::{ClaimMatch, GROUPS};
use crate::knowledge::{ClaimCue, ClaimEntry, ClaimGroup, ClaimPattern, ClaimStep, Claims};

/// A pattern on its way through the line, or found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    row: u16,
    /// Its first token so far.
    pub(super) token: u32,
    /// The token behind its last.
    pub(super) next: u32,
    /// Where its last word ends, in bytes.
    end: u32,
    /// Another one with its first token, plus one; 0: there is none.
    also: u32,
}

/// The patterns found in a sentence, by their first tokens.
#[derive(Debug, Default)]
struct Ways {
    all: Vec<Way>,
    /// The last one for each token of the sentence, plus one; 0: there is none.
    of_tokens: Vec<u32>,
}

impl Ways {
    fn clear(&mut self, sentence: &Range<u32>) {
        self.all.clear();
        self.of_tokens.clear();
        self.of_tokens.resize(sentence.len(), 0);
    }

    /// Keeps one that starts with a token, so many behind the sentence's first.
    fn add(&mut self, token: u32, way: Way) {
        if let Some(last) = self.of_tokens.get_mut(token as usize) {
            let also = std::mem::replace(last, self.all.len() as u32 + 1);
            self.all.push(Way { also, ..way });
        }
    }

    /// Whether one starts with a token.
    fn has(&self, token: u32) -> bool {
        self.of_tokens.get(token as usize).is_some_and(|last| *last != 0)
    }

    /// Those that start with a token.
    fn of(&self, token: u32) -> impl Iterator<Item = &Way> {
        let way = |place: u32| self.all.get((place as usize).checked_sub(1)?);
        let last = self.of_tokens.get(token as usize).and_then(|last| way(*last));
        std::iter::successors(last, move |known| way(known.also))
    }
}

/// The symbols of the words around one.
#[derive(Debug)]
struct Near {
    /// A bit for each.
    symbols: Vec<u64>,
    /// The tokens whose surroundings these are.
    block: Range<u32>,
}

impl Near {
    /// Tokens that are gone through together.
    const BLOCK: u32 = 4 * ClaimEntry::REACH as u32;

    fn of(claims: &Claims) -> Self {
        Self { symbols: vec![0; usize::from(claims.symbol_count).div_ceil(64)], block: 0..0 }
    }

    /// Goes on to a token of the line.
    fn go_to(&mut self, token: u32, line: &Line<'_>) {
        if self.block.contains(&token) {
            return;
        }
        self.block = token..token + Self::BLOCK;
        self.symbols.fill(0);
        // What needs no symbol has the first.
        if let Some(first) = self.symbols.first_mut() {
            *first = 1;
        }
        let reach = ClaimEntry::REACH as u32;
        for word in line.words_in(self.block.start.saturating_sub(reach)..self.block.end + reach) {
            for symbol in word.symbols.as_flattened() {
                if let Some(bits) = self.symbols.get_mut(usize::from(symbol >> 6)) {
                    *bits |= 1 << (symbol & 63);
                }
            }
        }
    }

    /// Whether a symbol is among them.
    fn has(&self, symbol: u16) -> bool {
        self.symbols.get(usize::from(symbol >> 6)).is_some_and(|bits| bits >> (symbol & 63) & 1 == 1)
    }

    /// Whether everything that a pattern needs is among them. All of it is asked for: where to stop would be a guess.
    fn has_all(&self, pattern: &ClaimPattern<'_>) -> bool {
        pattern.steps.iter().fold(true, |all, step| all & ((*step >= ClaimStep::NUMBER) | self.has(*step)))
    }
}

/// What reading takes, from line to line in the same memory.
#[derive(Debug)]
pub(super) struct Reading {
    near: Near,
    ways: Ways,
}

impl Reading {
    pub(super) fn of(claims: &Claims) -> Self {
        Self { near: Near::of(claims), ways: Ways::default() }
    }
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
    pub(super) fn read(&self, reading: &mut Reading, found: &mut Vec<ClaimMatch>) {
        let count = self.len();
        // Those of another line.
        reading.near.block = 0..0;
        let mut from = 0;
        while from < count {
            let mut to = from + 1;
            while self.pause_before(to) < Pause::Stop && to < count {
                to += 1;
            }
            self.read_sentence(from..to, reading, found);
            from = to;
        }
    }

    fn read_sentence(&self, sentence: Range<u32>, reading: &mut Reading, found: &mut Vec<ClaimMatch>) {
        let Reading { near, ways } = reading;
        ways.clear(&sentence);
        let mut search = Search { line: self, sentence: sentence.clone(), ways };
        for word in self.words_in(sentence.clone()) {
            near.go_to(word.token, self);
            search.enter(word, near);
        }
        if !ways.all.is_empty() {
            self.choose(&sentence, ways, found);
        }
    }

    /// Of all ways those that say something: of each group the longest, unless innocent.
    fn choose(&self, sentence: &Range<u32>, ways: &Ways, found: &mut Vec<ClaimMatch>) {
        let mut around = Around::of(self, sentence);
        let mut reach = [0; GROUPS];
        let mut mandatory = 0;
        let mut innocent = Vec::new();
        for number in sentence.clone() {
            let Some(token) = self.token(number) else { continue };
            if self.is_innocent(number) {
                self.add_innocent(number, &mut innocent);
            }
            if !ways.has(number - sentence.start) {
                continue;
            }
            // Without diacritics "den gap" is "đền gấp" as well as "đến gấp": that says nothing, unless it goes beyond.
            let is_innocent = |way: &Way| {
                let covers = |it: &Innocent| it.row == way.row && it.end > token.span.start;
                let goes_beyond = |it: &Innocent| it.start < token.span.start && it.end >= way.end || it.end > way.end;
                innocent.iter().any(|it| covers(it) && (!it.is_bare || goes_beyond(it)))
            };
            // What lies inside another of its group says no more.
            let mut longest: [Option<Way>; GROUPS] = [None; GROUPS];
            for way in ways.of(number - sentence.start).filter(|way| !is_innocent(way)) {
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
                let (start, end) = (token.span.start as usize, way.end as usize);
                found.push(ClaimMatch { row: way.row, group: row.group, stance, disguised: false, start, end });
            }
        }
    }

    fn add_innocent(&self, token: u32, innocent: &mut Vec<Innocent>) {
        let start = self.token(token).map_or(0, |token| token.span.start);
        for word in self.words_at(token).iter().filter(|word| word.meaning.is_innocent) {
            for symbol in word.symbols.as_flattened() {
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
            Some(known) if known.is_number => Some((token + 1, known.span.end)),
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
    /// Those found.
    ways: &'l mut Ways,
}

impl Search<'_, '_> {
    /// Every pattern whose rarest word is this one.
    fn enter(&mut self, word: &Word<'_>, near: &Near) {
        if word.next > self.sentence.end {
            return;
        }
        let claims = self.line.claims;
        for ClaimEntry { needs, pattern } in claims.entries_of(word.meaning) {
            if !needs.iter().fold(true, |all, symbol| all & near.has(*symbol)) {
                continue;
            }
            if let Some(pattern) = claims.pattern(*pattern).filter(|pattern| near.has_all(pattern)) {
                let way = Way { row: pattern.row, token: word.token, next: word.next, end: word.end, also: 0 };
                let (before, behind) = pattern.around();
                self.go_back(before, behind, way);
            }
        }
    }

    /// Goes back over the steps before, then on over those behind.
    fn go_back(&mut self, before: &[u16], behind: &[u16], way: Way) {
        let (line, start) = (self.line, self.sentence.start);
        let Some((step, before)) = before.split_first() else { return self.go_on(behind, way) };
        match *step {
            ClaimStep::NUMBER => {
                let mut token = way.token;
                for _ in 0..ClaimStep::MAX_NUMBER {
                    let Some(first) = line.number_before(token).filter(|first| *first >= start) else { break };
                    token = first;
                    self.go_back(before, behind, Way { token, ..way });
                }
            }
            gap if gap > ClaimStep::GAP => {
                let first = way.token.saturating_sub(u32::from(gap - ClaimStep::GAP)).max(start);
                for token in (first..=way.token).rev() {
                    // "Trị nám không hết": no gap reaches over a negation.
                    if token < way.token && line.negates(token) {
                        break;
                    }
                    self.go_back(before, behind, Way { token, ..way });
                }
            }
            symbol => {
                let is_it = |word: &&Word<'_>| word.token >= start && word.stands_for(symbol);
                for word in line.words_before(way.token).filter(is_it) {
                    self.go_back(before, behind, Way { token: word.token, ..way });
                }
            }
        }
    }

    /// Goes on over the steps behind.
    fn go_on(&mut self, behind: &[u16], way: Way) {
        let (line, end) = (self.line, self.sentence.end);
        let Some((step, behind)) = behind.split_first() else {
            return self.ways.add(way.token - self.sentence.start, way);
        };
        match *step {
            ClaimStep::NUMBER => {
                let mut way = way;
                for _ in 0..ClaimStep::MAX_NUMBER {
                    let number = line.number_at(way.next).filter(|(next, _)| *next <= end);
                    let Some((next, end)) = number else { break };
                    way = Way { next, end, ..way };
                    self.go_on(behind, way);
                }
            }
            gap if gap > ClaimStep::GAP => {
                let last = (way.next + u32::from(gap - ClaimStep::GAP)).min(end - 1);
                for next in way.next..=last {
                    self.go_on(behind, Way { next, ..way });
                    if line.negates(next) {
                        break;
                    }
                }
            }
            symbol => {
                if !line.may_start(way.next, symbol) {
                    return;
                }
                let is_it = |word: &&Word<'_>| word.next <= end && word.stands_for(symbol);
                for word in line.words_at(way.next).iter().filter(is_it) {
                    self.go_on(behind, Way { next: word.next, end: word.end, ..way });
                }
            }
        }
    }
}
