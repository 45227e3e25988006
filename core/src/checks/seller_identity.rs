//! Does the page say who the seller is: name, address, telephone, tax code (Law 19/2023, Art. 37)? Most product pages have
//! no place for it, so that it is missing says nothing.

use super::{Found, Outcome, Subject};
use crate::identifiers::{Kind, State, check};
use crate::knowledge::FieldName;

/// Fewest digits of a telephone number: "1900 1234".
const MIN_PHONE_DIGITS: usize = 8;

const TAX_CODE: &str = "seller.tax-code-stated";
const STATED: [(FieldName, &str); 3] = [
    (FieldName::SellerName, "seller.name-stated"),
    (FieldName::SellerAddress, "seller.address-stated"),
    (FieldName::SellerPhone, "seller.phone-stated"),
];

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let stated = STATED.into_iter().filter_map(|(field, code)| {
        let reading = subject.sure(field).filter(|_| subject.states(field))?;
        let digits = || reading.quote.bytes().filter(u8::is_ascii_digit).count();
        let is_whole = field != FieldName::SellerPhone || digits() >= MIN_PHONE_DIGITS;
        is_whole.then(|| subject.found_in(code, field, reading))
    });
    // One that is wrong is told with the other numbers of the listing. A person's is masked in its field already.
    let in_field = subject.sure(FieldName::TaxCode).filter(|reading| {
        [Kind::Mst, Kind::Cccd].iter().any(|kind| check(*kind, &reading.quote, 0) == State::WellFormed)
    });
    let tax_code = match in_field {
        Some(reading) => Some(subject.found_in(TAX_CODE, FieldName::TaxCode, reading)),
        None => subject.listing.identifiers.iter().find_map(|number| {
            let quote = match number.found.kind {
                Kind::Mst => number.quote,
                Kind::Cccd => &number.found.value,
                _ => return None,
            };
            let is_right = number.found.state == State::WellFormed;
            is_right.then(|| subject.found(TAX_CODE, Some(number.field), number.rule, Some(quote)))
        }),
    };
    let found: Vec<Found> = stated.chain(tax_code).collect();
    if found.is_empty() {
        Outcome::unknown(subject.where_to_look(), Some("seller-identity"))
    } else {
        Outcome::made(found)
    }
}
