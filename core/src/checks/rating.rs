//! What do ratings say, as an interval over their number? 5.0 from 4 ratings says less than 4.8 from 90,000.

use super::{Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::FieldName;
use crate::page::FieldValue;

/// Fewer ratings than this say nothing either way.
const MIN_RATINGS: u64 = 20;
/// Stars (hundredths) that even the lower end of the interval must reach to count in favour.
const HIGH: u16 = 450;
/// Stars (hundredths) that even the upper end of the interval must miss to count against.
const LOW: u16 = 380;
/// 95 % of a normal distribution lies within this many standard deviations.
const Z: f64 = 1.959_963_984_540_054;

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let Some(offer) = subject.offer else {
        return Outcome::unknown("no-basket", None);
    };
    let pairs = [(FieldName::ShopRating, FieldName::ShopRatingCount), (FieldName::Rating, FieldName::RatingCount)];
    let known = pairs.into_iter().find_map(|(stars, count)| {
        let reading = subject.sure(stars)?;
        let FieldValue::Stars(hundredths) = reading.value else { return None };
        Some((stars, reading, hundredths, offer.fields.count(count)?))
    });
    let Some((field, reading, stars, count)) = known else {
        return Outcome::unknown(subject.where_to_look(), Some("rating"));
    };
    let interval = interval(stars, count);
    let code = match interval {
        _ if count < MIN_RATINGS => "seller.rating-few",
        (low, _) if low >= HIGH => "seller.rating-high",
        (_, high) if high < LOW => "seller.rating-low",
        _ => "seller.rating-mixed",
    };
    Outcome::made(vec![
        (subject.found_in(code, field, reading))
            .slot("stars", Slot::Stars(stars))
            .slot("count", Slot::Count(count))
            .slot("low", Slot::Stars(interval.0))
            .slot("high", Slot::Stars(interval.1)),
    ])
}

/// Wilson's interval (95 %) of an average of stars, in hundredths. The average is taken as a proportion between
/// one star and five, which is wider than the truth and never narrower.
fn interval(stars: u16, count: u64) -> (u16, u16) {
    if count == 0 {
        return (100, 500);
    }
    let n = count as f64;
    let p = (f64::from(stars.clamp(100, 500)) - 100.0) / 400.0;
    let z2 = Z * Z;
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * libm::sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n));
    let to_stars = |share: f64| (100.0 + 400.0 * share.clamp(0.0, 1.0)) as u16;
    (to_stars(centre - half), to_stars(centre + half))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn few_ratings_make_a_wide_interval() {
        let (low, high) = interval(500, 4);
        assert!(low < 310 && high == 500, "{low} {high}");
        let (low, high) = interval(480, 90_000);
        assert!(low >= 478 && high <= 481, "{low} {high}");
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_average_and_narrows(stars in 100u16..=500, count in 1u64..1_000_000) {
            let (low, high) = interval(stars, count);
            prop_assert!(low <= stars && stars <= high + 1);
            let (narrow_low, narrow_high) = interval(stars, count * 4);
            prop_assert!(narrow_low + 1 >= low && narrow_high <= high + 1);
        }
    }
}
