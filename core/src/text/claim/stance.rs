//! What stands around a claim and says how it is meant: denied, asked, warned of.

use std::ops::Range;

use super::line::Line;
use super::pattern::Way;
use super::tokens::Pause;
use crate::knowledge::ClaimCue;
use crate::text::Stance;

/// How far a negation reaches, in words.
const NEGATION_REACH: u32 = 5;
/// How far a warning does.
const WARNING_REACH: u32 = 14;
/// How far before its end a sentence that asks is a question. A line without stops says other things before.
const QUESTION_REACH: u32 = 12;
/// How far before a claim "có … đâu" may begin, and how far behind it that may end.
const FRAME_REACH: u32 = 4;
/// How far behind a claim its denial may start.
const DENIAL_REACH: u32 = 4;
/// So many words from its end a sentence may say that it asks: "không mọi người ơi".
const MAX_QUESTION: u32 = 6;
/// How far behind a claim the clause may end that asks about it.
const CLAUSE_REACH: u32 = 12;

impl Line<'_> {
    /// Whether nothing but forms of address stands between two tokens.
    fn has_only_tails(&self, mut token: u32, end: u32) -> bool {
        while token < end {
            let Some((next, _)) = self.cue_at(token, ClaimCue::Tails) else { return false };
            token = next;
        }
        token == end
    }

    /// Whether something else begins at a token.
    fn turns(&self, token: u32) -> bool {
        self.has_cue(token, ClaimCue::Turns) || self.negates(token)
    }

    /// Whether what asks starts at one of these tokens, so many before their end, and nothing but forms of address is behind it.
    fn asks(&self, tokens: Range<u32>, least: u32) -> bool {
        let end = tokens.end;
        // "Thấy không" and "biếu không" ask nothing.
        let is_tag = |token: u32| self.has_cue(token.saturating_sub(1), ClaimCue::NotOnly);
        let behind = |token| self.cue_at(token, ClaimCue::Asks).filter(|_| !self.is_unit(token) && !is_tag(token));
        (tokens.start..(end + 1).saturating_sub(least))
            .any(|token| behind(token).is_some_and(|(next, _)| self.has_only_tails(next, end)))
    }

    /// "Bác sĩ nào khuyên vậy shop, cho xin tên": whether the clause asks that ends with the next comma behind a token.
    fn asks_in_clause(&self, token: u32, end: u32) -> bool {
        let last = end.min(token + CLAUSE_REACH);
        let comma = (token + 1..=last).find(|token| self.pause_before(*token) == Pause::Comma);
        comma.is_some_and(|comma| self.asks(token..comma, 2))
    }
}

/// What a sentence says about the claims in it.
pub(super) struct Around {
    /// The sentence.
    start: u32,
    end: u32,
    /// The first token that was not looked at.
    from: u32,
    /// The last negation and the token behind it, while it reaches on.
    negation: Option<(u32, u32)>,
    /// The token of the last warning.
    warning: Option<u32>,
    /// The tokens of denials.
    denials: Vec<u32>,
    /// The token from which on the sentence asks.
    asks_from: u32,
}

impl Around {
    pub(super) fn of(line: &Line<'_>, sentence: &Range<u32>) -> Self {
        let Range { start, end } = *sentence;
        let denies = |token: &u32| line.has_cue(*token, ClaimCue::Denies) && !line.has_cue(*token, ClaimCue::NotOnly);
        let denials = sentence.clone().filter(denies).collect();
        let first = end.saturating_sub(MAX_QUESTION).max(start + 1);
        let asks = line.pause_before(end) == Pause::Question || line.asks(first..end, 1);
        let asks_from = if asks { end.saturating_sub(QUESTION_REACH) } else { u32::MAX };
        Self { start, end, from: start, negation: None, warning: None, denials, asks_from }
    }

    /// Goes on to a token.
    fn pass(&mut self, line: &Line<'_>, token: u32) {
        if line.has_cue(token, ClaimCue::Warns) {
            self.warning = Some(token);
        }
        // "Không phải hàng chợ, hàng chính hãng": a comma ends what is denied.
        if line.pause_before(token) == Pause::Comma {
            self.negation = None;
        }
        if let Some((next, _)) = line.cue_at(token, ClaimCue::Negates).filter(|_| line.negates(token)) {
            self.negation = Some((token, next));
        } else if line.has_cue(token, ClaimCue::Turns) {
            self.negation = None;
        }
    }

    /// How a claim is meant. Claims come in the order of their tokens.
    pub(super) fn stance(&mut self, line: &Line<'_>, way: &Way) -> Stance {
        for token in self.from..=way.token {
            self.pass(line, token);
        }
        self.from = self.from.max(way.token + 1);
        let denial = self.denials.partition_point(|denial| *denial < way.next);
        let is_denied = self.denials.get(denial).is_some_and(|denial| *denial <= way.next + DENIAL_REACH);
        // "Không có FDA": what starts inside a negation is negated too.
        let is_negated = (self.negation)
            .is_some_and(|(from, next)| from < way.token && way.token.saturating_sub(next) < NEGATION_REACH);
        let is_framed = || {
            let before = way.token.saturating_sub(FRAME_REACH).max(self.start)..way.next;
            // "Không có … đâu" denies once.
            let begins = |token: u32| line.has_cue(token, ClaimCue::Has) && !line.negates(token.saturating_sub(1));
            // "Có chứng nhận chứ không phải dạng vừa đâu" has it.
            let goes_on = |token: &u32| line.pause_before(*token) == Pause::None && !line.turns(*token);
            let mut behind = (way.next..self.end.min(way.next + FRAME_REACH)).take_while(goes_on);
            behind.any(|token| line.has_cue(token, ClaimCue::Belies))
                && !(way.token..way.next).any(|token| line.negates(token))
                && before.rev().take_while(|token| *token >= way.token || goes_on(&(token + 1))).any(begins)
        };
        if is_denied || is_negated || is_framed() {
            Stance::Negated
        } else if self.warning.is_some_and(|warning| warning < way.token && way.token - warning <= WARNING_REACH) {
            Stance::Warning
        } else if way.next > self.asks_from || line.asks_in_clause(way.next, self.end) {
            Stance::Asked
        } else {
            Stance::Stated
        }
    }
}
