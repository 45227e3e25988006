//! Sentences that viewers write again and again, told by the similarity of their words (SimHash of letter trigrams;
//! Charikar 2002). Who wrote them is never known here.

use serde::{Deserialize, Serialize};

use crate::text::{fold, shorten};

/// Shorter lines are said by many people without anybody's asking: "chốt", "còn size M không ạ".
const MIN_LETTERS: usize = 24;
const MIN_WORDS: usize = 6;
/// Bits of 64 in which two lines may differ and still be the same sentence.
const MAX_DISTANCE: u32 = 9;
/// Sentences that are remembered at a time.
const MAX_SENTENCES: usize = 64;
/// Longest quote, bytes.
const MAX_QUOTE: usize = 160;

/// Sentences of viewers, and how often each came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Crowd(Vec<Sentence>);

/// A sentence that came at least once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    hash: u64,
    /// How often it came, word for word or nearly so.
    pub times: u32,
    /// The words, when it first came.
    pub quote: String,
    /// When it first came, seconds since 1970.
    pub at: i64,
    /// When it last came.
    last: i64,
}

impl Crowd {
    /// The sentence that came most often.
    pub fn loudest(&self) -> Option<&Sentence> {
        self.0.iter().max_by_key(|sentence| (sentence.times, -sentence.at))
    }

    pub(super) fn hear(&mut self, text: &str, at: i64) {
        if let Some(hash) = similarity(text) {
            self.add(Sentence { hash, times: 1, quote: shorten(text, MAX_QUOTE), at, last: at });
        }
    }

    pub(super) fn absorb(&mut self, newer: Self) {
        newer.0.into_iter().for_each(|sentence| self.add(sentence));
    }

    fn add(&mut self, sentence: Sentence) {
        let same = |known: &&mut Sentence| (known.hash ^ sentence.hash).count_ones() <= MAX_DISTANCE;
        if let Some(known) = self.0.iter_mut().find(same) {
            known.times = known.times.saturating_add(sentence.times);
            known.last = sentence.last;
            return;
        }
        if self.0.len() >= MAX_SENTENCES {
            // What came least, and longest ago, makes room.
            let least = (self.0.iter().enumerate()).min_by_key(|(_, known)| (known.times, known.last));
            if let Some((at, _)) = least {
                self.0.remove(at);
            }
        }
        self.0.push(sentence);
    }
}

/// Near for texts that are nearly the same; none for what is too short to tell.
fn similarity(text: &str) -> Option<u64> {
    let folded = fold(text);
    let mut letters = Vec::with_capacity(folded.len() + 2);
    let mut words = 0;
    letters.push(b' ');
    for word in folded.split(|sign: char| !sign.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        words += 1;
        letters.extend_from_slice(word.as_bytes());
        letters.push(b' ');
    }
    if words < MIN_WORDS || letters.len() < MIN_LETTERS {
        return None;
    }
    let mut bits = [0i32; 64];
    for part in letters.windows(3) {
        let hash = part
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
        // FNV mixes its low bits into the high ones only: once more, so that every bit is as good.
        let hash = (hash ^ hash >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let hash = hash ^ hash >> 29;
        for (at, bit) in bits.iter_mut().enumerate() {
            *bit += if hash >> at & 1 == 1 { 1 } else { -1 };
        }
    }
    Some((bits.iter().enumerate()).fold(0, |hash, (at, bit)| hash | u64::from(*bit > 0) << at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(lines: &[&str]) -> Vec<u32> {
        let mut crowd = Crowd::default();
        lines.iter().for_each(|line| crowd.hear(line, 0));
        crowd.0.iter().map(|sentence| sentence.times).collect()
    }

    #[test]
    fn nearly_the_same_sentence_is_the_same() {
        let seeded = [
            "Mình mua lần thứ ba rồi, da đẹp lên trông thấy, shop tư vấn nhiệt tình lắm",
            "mình mua lần thứ 3 rồi da đẹp lên trông thấy, shop tư vấn nhiệt tình lắm!!",
            "Minh mua lan thu ba roi, da dep len trong thay, shop tu van nhiet tinh lam ❤️",
        ];
        assert_eq!(heard(&seeded), [3]);
    }

    #[test]
    fn other_sentences_are_others() {
        let others = [
            "Mình mua lần thứ ba rồi, da đẹp lên trông thấy, shop tư vấn nhiệt tình lắm",
            "Hôm qua mình đặt hai hộp mà tới giờ vẫn chưa thấy giao, shop kiểm tra giúp mình với",
            "Cho mình hỏi loại này dùng cho da dầu mụn có được không vậy shop ơi",
            "Mình mua cho mẹ dùng thử, mẹ khen thơm, lần sau mua thêm cho bà ngoại",
        ];
        assert_eq!(heard(&others), [1, 1, 1, 1]);
    }

    #[test]
    fn short_lines_say_nothing() {
        assert_eq!(heard(&["chốt đơn", "chốt đơn", "còn size M không ạ"]), [0u32; 0]);
    }

    #[test]
    fn what_came_least_makes_room() {
        let mut crowd = Crowd::default();
        let seeded = "hàng đẹp lắm mọi người ơi mua đi không tiếc tiền đâu nha";
        for at in 0..400 {
            crowd.hear(&format!("câu số {at} của một người xem khác hẳn mã {} {}", at * 7919, at * 104_729), at);
            if at % 20 == 0 {
                crowd.hear(seeded, at);
            }
        }
        assert!(crowd.0.len() <= MAX_SENTENCES);
        assert_eq!(crowd.loudest().map(|sentence| (sentence.times, sentence.quote.as_str())), Some((20, seeded)));
    }
}
