//! What do ratings say, as an interval over their number? 5.0 from 4 ratings says less than 4.8 from 90,000.
//! And how many of them are low? An average of 4.4 may be many fives and one in ten who got something else.

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
/// Share of low ratings that even the lower end of the interval must reach to count against.
const MANY_LOW: f64 = 0.08;
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

pub(crate) fn run_low(subject: &Subject<'_>) -> Outcome {
    let pairs =
        [(FieldName::ShopLowRatings, FieldName::ShopRatingCount), (FieldName::LowRatings, FieldName::RatingCount)];
    let known = pairs.into_iter().find_map(|(low, count)| {
        let reading = subject.sure(low)?;
        let fields = &subject.offer?.fields;
        // More low ones than ratings at all are two counts that do not belong together.
        let (lows, count) = (fields.count(low)?, fields.count(count)?);
        (lows <= count && count > 0).then_some((low, reading, lows, count))
    });
    let Some((field, reading, lows, count)) = known else {
        return Outcome::unknown(subject.where_to_look(), None);
    };
    let (least, _) = of_share(lows as f64 / count as f64, count);
    let many = (least >= MANY_LOW).then(|| {
        (subject.found_in("seller.low-ratings-many", field, reading))
            .slot("low", Slot::Count(lows))
            .slot("count", Slot::Count(count))
            .slot("share", Slot::Count((least * 100.0) as u64))
    });
    Outcome::made(Vec::from_iter(many))
}

/// The interval (95 %) of an average of stars, in hundredths. The average is taken as a share between one star and
/// five, which is wider than the truth and never narrower.
fn interval(stars: u16, count: u64) -> (u16, u16) {
    let (low, high) = of_share((f64::from(stars.clamp(100, 500)) - 100.0) / 400.0, count);
    let to_stars = |share: f64| (100.0 + 400.0 * share) as u16;
    (to_stars(low), to_stars(high))
}

/// Where the true share lies, at 95 %: the Beta posterior over the counts when at first every share is as likely. Its
/// ends have no closed form; Wilson's, which take a square root and nothing else, are within 0.0031 of them from
/// [`MIN_RATINGS`] on (0.012 stars) and within 0.05 of them below (0.2 stars), where they are told and judge nobody.
fn of_share(share: f64, count: u64) -> (f64, f64) {
    if count == 0 {
        return (0.0, 1.0);
    }
    let n = count as f64;
    let z2 = Z * Z;
    let centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * libm::sqrt(share * (1.0 - share) / n + z2 / (4.0 * n * n));
    ((centre - half).clamp(0.0, 1.0), (centre + half).clamp(0.0, 1.0))
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

    /// Share of a Beta distribution below a point, by adding up its density.
    fn beta_below(a: f64, b: f64, point: f64) -> f64 {
        let density = |x: f64| libm::exp((a - 1.0) * libm::log(x) + (b - 1.0) * libm::log(1.0 - x) - peak(a, b));
        const STEPS: u32 = 5_000;
        let (mut below, mut all) = (0.0, 0.0);
        for step in 0..STEPS {
            let x = (f64::from(step) + 0.5) / f64::from(STEPS);
            let here = density(x);
            all += here;
            below += if x < point { here } else { 0.0 };
        }
        below / all
    }

    /// Logarithm of the density where it is highest, so that no sum overflows.
    fn peak(a: f64, b: f64) -> f64 {
        let log = |x: f64| if x > 0.0 { libm::log(x) } else { 0.0 };
        let top = (a - 1.0) / (a + b - 2.0);
        (a - 1.0) * log(top) + (b - 1.0) * log(1.0 - top)
    }

    /// The ends of the interval, moved by the error that is stated, hold the ends of the posterior between them.
    #[test]
    fn the_ends_are_those_of_the_beta_posterior() {
        for (count, error) in [(1, 0.05), (4, 0.05), (10, 0.05), (20, 0.0031), (60, 0.0031), (400, 0.0031)] {
            for hundredth in [0, 3, 20, 50, 80, 95, 100] {
                let (share, n) = (f64::from(hundredth) / 100.0, count as f64);
                let below = |point: f64| beta_below(1.0 + n * share, 1.0 + n * (1.0 - share), point);
                let (low, high) = of_share(share, count);
                assert!(below(low - error) <= 0.025 && below(low + error) >= 0.025, "{share} of {count}: {low}");
                assert!(below(high - error) <= 0.975 && below(high + error) >= 0.975, "{share} of {count}: {high}");
            }
        }
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
