//! What the identifiers have in common: digits, and how they are written.

/// White space, and what people write between the digits of a number.
pub(super) fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '.')
}

/// The digits of a number that is written in so many of them; `None` when there are more or fewer, or anything else.
pub(super) fn digits<const N: usize>(value: &str) -> Option<[u8; N]> {
    let mut digits = [0; N];
    let mut slots = digits.iter_mut();
    for character in value.chars().filter(|character| !is_separator(*character)) {
        *slots.next()? = u8::try_from(character.to_digit(10)?).ok()?;
    }
    slots.next().is_none().then_some(digits)
}

/// The sum of digits, each times its weight.
pub(super) fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| u32::from(*digit) * weight).sum()
}

/// Luhn's check (ISO/IEC 7812-1): every second digit from the right doubled, the digits of it all summed, modulo 10.
pub(super) fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = (digits.iter().rev().zip([1, 2].iter().cycle()))
        .map(|(digit, weight)| u32::from(*digit) * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    sum.is_multiple_of(10)
}

/// Whether a text is digits and nothing else, so many of them.
pub(super) fn is_number(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is the letters of an authority's abbreviation, so many of them.
pub(super) fn is_abbreviation(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.chars().count()) && text.chars().all(|c| c.is_ascii_uppercase() || c == 'Đ')
}

/// Without separators, in capitals.
pub(super) fn compact(value: &str) -> String {
    value.chars().filter(|character| !is_separator(*character)).map(upper).collect()
}

/// Without white space, in capitals.
pub(super) fn without_spaces(value: &str) -> String {
    value.chars().filter(|character| !character.is_whitespace()).map(upper).collect()
}

/// Capitals of the letters that stand in identifiers.
fn upper(letter: char) -> char {
    if letter == 'đ' { 'Đ' } else { letter.to_ascii_uppercase() }
}
