//! Identifiers on labels and in listings: form and checksum only. Well-formed never means registered.
//!
//! One file an identifier. Each says where its rule comes from; where the checksum has no source,
//! [`Kind::is_verified`] says so, and a failure by it must not lower a grade.

mod cbmp;
mod cccd;
mod de_hr;
mod de_vat;
mod de_weee;
mod digits;
mod dksp;
mod drug_legacy;
mod finder;
mod fr_tva;
mod gtin;
mod jp_corporate;
mod kr_business;
mod mst;
mod siren;
mod siret;
mod xnqc;

use serde::{Deserialize, Serialize};

pub use crate::knowledge::IdentifierKind as Kind;
pub use gtin::{Gtin, GtinError};

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 15] = [
        Self::Gtin,
        Self::Mst,
        Self::Cccd,
        Self::Cbmp,
        Self::Dksp,
        Self::Xnqc,
        Self::DrugLegacy,
        Self::DeVat,
        Self::DeHr,
        Self::DeWeee,
        Self::KrBusiness,
        Self::JpCorporate,
        Self::Siren,
        Self::Siret,
        Self::FrTva,
    ];

    /// Name in data.
    pub fn id(self) -> &'static str {
        match self {
            Self::Gtin => "gtin",
            Self::Mst => "mst",
            Self::Cccd => "cccd",
            Self::Cbmp => "cbmp",
            Self::Dksp => "dksp",
            Self::Xnqc => "xnqc",
            Self::DrugLegacy => "drug-legacy",
            Self::DeVat => "de-vat",
            Self::DeHr => "de-hr",
            Self::DeWeee => "de-weee",
            Self::KrBusiness => "kr-business",
            Self::JpCorporate => "jp-corporate",
            Self::Siren => "siren",
            Self::Siret => "siret",
            Self::FrTva => "fr-tva",
        }
    }

    /// Whether the rule has a source. By one that has none, a number that fails is no reason to lower a grade.
    pub fn is_verified(self) -> bool {
        self != Self::KrBusiness
    }
}

/// How a number agrees with the rule of its kind. That there is none is the absence of a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not of the form.
    Malformed,
    /// Of the form, but its digits contradict one another.
    ChecksumFail,
    /// Form and checksum are right. Whether it was ever allocated, no rule can tell.
    WellFormed,
}

impl State {
    /// The state of a number of the right form.
    fn of_checksum(holds: bool) -> Self {
        if holds { Self::WellFormed } else { Self::ChecksumFail }
    }

    /// The state of a number that has no checksum.
    fn of_form(is_right: bool) -> Self {
        if is_right { Self::WellFormed } else { Self::Malformed }
    }
}

/// An identifier in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentifierMatch {
    /// Of which kind it is.
    pub kind: Kind,
    /// The number as its authority writes it. A citizen's number is masked.
    pub value: String,
    /// How it agrees with the rule.
    pub state: State,
    /// First byte of the number in the text, its label not included.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// Checks the value of a field that is known to hold a kind of identifier. Spaces, and hyphens and dots between
/// digits, are the writer's own. `year` is this year: no notification is of a later one.
pub fn check(kind: Kind, value: &str, year: i32) -> State {
    let value = value.trim();
    match kind {
        Kind::Gtin => gtin::check(value),
        Kind::Mst => mst::check(value),
        Kind::Cccd => cccd::check(value),
        Kind::Cbmp => cbmp::check(value, year),
        Kind::Dksp => dksp::check(value),
        Kind::Xnqc => xnqc::check(value),
        Kind::DrugLegacy => drug_legacy::check(value),
        Kind::DeVat => de_vat::check(value),
        Kind::DeHr => de_hr::check(value),
        Kind::DeWeee => de_weee::check(value),
        Kind::KrBusiness => kr_business::check(value),
        Kind::JpCorporate => jp_corporate::check(value),
        Kind::Siren => siren::check(value),
        Kind::Siret => siret::check(value),
        Kind::FrTva => fr_tva::check(value),
    }
}

/// A number as its authority writes it, as far as it has the form; masked where it is a person's.
pub(crate) fn canonical(kind: Kind, value: &str) -> String {
    match kind {
        Kind::Gtin | Kind::JpCorporate | Kind::Siren | Kind::Siret | Kind::DeVat | Kind::FrTva => {
            digits::compact(value)
        }
        Kind::Mst => mst::canonical(value),
        Kind::Cccd => cccd::masked(value),
        Kind::Dksp => dksp::canonical(value),
        Kind::Cbmp | Kind::Xnqc | Kind::DrugLegacy => digits::without_spaces(value),
        Kind::DeHr => de_hr::canonical(value),
        Kind::DeWeee => de_weee::canonical(value),
        Kind::KrBusiness => kr_business::canonical(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const YEAR: i32 = 2026;

    /// Every example of the domain document, and the state it must be in.
    #[test]
    fn published_examples() {
        use State::{ChecksumFail, Malformed, WellFormed};
        let cases: [(Kind, State, &[&str]); 34] = [
            (
                Kind::Mst,
                WellFormed,
                &["0102527451", "0109362618", "0318754672", "0401837148", "0314409058-002", "0314409058002"],
            ),
            (Kind::Mst, ChecksumFail, &["0100233480"]),
            (Kind::Mst, Malformed, &["01025274", "0314409058-000", "0100000008", "0314409058 002", "010252745A", ""]),
            (Kind::Cccd, WellFormed, &["079012345612", "0790 1234 5612", "0790******12"]),
            (Kind::Cccd, Malformed, &["07901234561", "0790123456123", "07901234561x", "0790*****112", ""]),
            (
                Kind::Gtin,
                WellFormed,
                &["8934563138165", "4006381333931", "73513537", "036000291452", "8 934563 138165", "04006381333931"],
            ),
            (Kind::Gtin, ChecksumFail, &["4006381333932", "036000291453", "6901234567893"]),
            (Kind::Gtin, Malformed, &["", "123", "4006381333931x", "123456789012345"]),
            (
                Kind::Cbmp,
                WellFormed,
                &[
                    "000046/20/CBMP-HCM",
                    "003402/22/CBMP-HCM",
                    "294701/25/CBMP-QLD",
                    "324866/26/CBMP-QLD",
                    "294701 / 25 / cbmp - qld",
                    "1234/24/CBMP-ĐN",
                ],
            ),
            (
                Kind::Cbmp,
                Malformed,
                &[
                    "294701/2025/CBMP-QLD",
                    "CBMP-QLD/294701/25",
                    "294701/25/CBMP",
                    "294701/27/CBMP-QLD",
                    "123/25/CBMP-QLD",
                    "294701/25/CBMP-Q",
                    "294701/25/CBMP-QLDHCM1",
                ],
            ),
            (
                Kind::Dksp,
                WellFormed,
                &["5647/2019/ĐKSP", "395/2020/ĐKSP", "8071/2019/ĐKSP", "8071/2019/DKSP", "8071/2019/đksp"],
            ),
            (Kind::Dksp, Malformed, &["5647/19/ĐKSP", "ĐKSP/5647/2019", "5647/2019", "5647/1919/ĐKSP"]),
            (Kind::Xnqc, WellFormed, &["497/2025/XNQC-ATTP", "1283/2022/XNQC-ATTP", "617/2021/XNQC-YTHCM"]),
            (Kind::Xnqc, Malformed, &["497/25/XNQC-ATTP", "497/2025/XNQC", "497/2025/XNQC-A1"]),
            (Kind::DrugLegacy, WellFormed, &["VD-24891-16", "VN-17500-13", "V483-H12-10", "vd-24891-16"]),
            (Kind::DrugLegacy, Malformed, &["VD24891-16", "VD-24891-2016", "V483-12-10", "VX-24891-16"]),
            (Kind::DeVat, WellFormed, &["DE136695976", "DE129273398", "DE 136 695 976", "de136695976"]),
            (Kind::DeVat, ChecksumFail, &["DE136695978", "DE999999999"]),
            (Kind::DeVat, Malformed, &["136695976", "DE13669597", "DE036695976", "DE13669597X"]),
            (
                Kind::DeHr,
                WellFormed,
                &[
                    "Aachen HRA 11223",
                    "München HRB 6684",
                    "HRB 6684 Muenchen",
                    "Amtsgericht munchen, HRB 6684",
                    "Berlin HRB 12345 B",
                    "HRB6684",
                ],
            ),
            (
                Kind::DeHr,
                Malformed,
                &["Aachen HRC 44123", "Hanoi HRB 123", "München HRB 0123", "München HRB", "München"],
            ),
            (Kind::DeWeee, WellFormed, &["WEEE-Reg.-Nr. DE 12345678", "DE12345678", "WEEE Reg Nr: DE12345678"]),
            (Kind::DeWeee, Malformed, &["DE 1234567", "DE 123456789", "12345678", "WEEE"]),
            (Kind::KrBusiness, WellFormed, &["116-82-00276", "134-86-72683", "1168200276"]),
            (Kind::KrBusiness, ChecksumFail, &["1168200277"]),
            (Kind::KrBusiness, Malformed, &["116820027", "11682002766"]),
            (Kind::JpCorporate, WellFormed, &["5835678256246", "7000012050002"]),
            (Kind::JpCorporate, ChecksumFail, &["2835678256246"]),
            (Kind::JpCorporate, Malformed, &["0835678256246", "700001205000"]),
            (Kind::Siren, WellFormed, &["732829320", "732 829 320"]),
            (Kind::Siren, ChecksumFail, &["404833047"]),
            (Kind::Siret, WellFormed, &["73282932000074", "35600000000048", "35600000009075"]),
            (Kind::Siret, ChecksumFail, &["73282932000079"]),
            (Kind::FrTva, WellFormed, &["FR40303265045", "fr 40 303 265 045", "FR40000096007"]),
        ];
        for (kind, state, values) in cases {
            for value in values {
                assert_eq!(check(kind, value, YEAR), state, "{} {value}", kind.id());
            }
        }
        assert_eq!(check(Kind::FrTva, "FR41303265045", YEAR), ChecksumFail);
        assert_eq!(check(Kind::FrTva, "40303265045", YEAR), Malformed);
        assert_eq!(check(Kind::Siren, "73282932", YEAR), Malformed);
        assert_eq!(check(Kind::Siret, "7328293200007", YEAR), Malformed);
    }

    #[test]
    fn ids_are_the_names_in_data() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.id());
        }
        assert_eq!(serde_json::to_value(State::ChecksumFail).unwrap(), "checksum-fail");
        let unverified: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| !kind.is_verified()).collect();
        assert_eq!(unverified, [Kind::KrBusiness]);
    }

    #[test]
    fn canonical_forms() {
        for (kind, written, expected) in [
            (Kind::Gtin, "8 934563-138165", "8934563138165"),
            (Kind::Mst, "0314409058002", "0314409058-002"),
            (Kind::Mst, "0102.527.451", "0102527451"),
            (Kind::Cccd, "0790 1234 5612", "0790******12"),
            (Kind::Cccd, "07901234561", "0790*****61"),
            (Kind::Cccd, "0790123", "*******"),
            (Kind::Cbmp, "294701 / 25/ cbmp-qld", "294701/25/CBMP-QLD"),
            (Kind::Dksp, "5647/2019/dksp", "5647/2019/ĐKSP"),
            (Kind::DrugLegacy, "vd-24891-16", "VD-24891-16"),
            (Kind::DeVat, "de 136 695 976", "DE136695976"),
            (Kind::DeWeee, "WEEE-Reg.-Nr. DE 12345678", "DE12345678"),
            (Kind::DeHr, "HRB6684  Muenchen", "München HRB 6684"),
            (Kind::KrBusiness, "1168200276", "116-82-00276"),
            (Kind::FrTva, "FR 40 303265045", "FR40303265045"),
        ] {
            assert_eq!(canonical(kind, written), expected);
        }
    }

    /// A kind, and digits that its checksum must notice a change of, the first ones given.
    fn checksummed() -> impl Strategy<Value = (Kind, String)> {
        prop_oneof![
            "[0-9]{13}".prop_map(|digits| (Kind::Gtin, digits)),
            "[0-9]{7}".prop_map(|digits| (Kind::Gtin, digits)),
            "[1-9]{9}".prop_map(|digits| (Kind::Mst, digits)),
            "[1-9][0-9]{7}".prop_map(|digits| (Kind::DeVat, format!("DE{digits}"))),
            "[0-9]{8}".prop_map(|digits| (Kind::Siren, digits)),
            "[1-2][0-9]{12}".prop_map(|digits| (Kind::Siret, digits)),
        ]
    }

    proptest! {
        #[test]
        fn any_value_is_safe(value in "\\PC{0,24}", year in any::<i32>()) {
            for kind in Kind::ALL {
                check(kind, &value, year);
                canonical(kind, &value);
            }
        }

        #[test]
        fn one_changed_digit_is_noticed((kind, stem) in checksummed(), at in 0usize..16, by in 1u8..10) {
            let full = (0..10).map(|last| format!("{stem}{last}")).find(|full| check(kind, full, YEAR) == State::WellFormed);
            // A tax code's remainder may leave no last digit.
            prop_assume!(full.is_some());
            let mut changed = full.unwrap().into_bytes();
            let prefix = if kind == Kind::DeVat { 2 } else { 0 };
            let at = prefix + at % (changed.len() - prefix);
            changed[at] = b'0' + (changed[at] - b'0' + by) % 10;
            let changed = String::from_utf8(changed).unwrap();
            prop_assert_ne!(check(kind, &changed, YEAR), State::WellFormed, "{}", changed);
        }

        /// Modulo 9 cannot tell 0 from 9, nor, where the weight is 2, any more than that.
        #[test]
        fn a_changed_corporate_digit_is_noticed(stem in "[1-8]{12}", at in 0usize..12, by in 1u8..8) {
            let full = (1..10).map(|first| format!("{first}{stem}"));
            let full = full.into_iter().find(|full| check(Kind::JpCorporate, full, YEAR) == State::WellFormed).unwrap();
            let mut changed = full.into_bytes();
            changed[at + 1] = b'1' + (changed[at + 1] - b'1' + by) % 8;
            prop_assert_ne!(check(Kind::JpCorporate, std::str::from_utf8(&changed).unwrap(), YEAR), State::WellFormed);
        }

        #[test]
        fn what_is_well_formed_stays_so_in_its_canonical_form(
            (kind, value) in prop_oneof![
                checksummed().prop_flat_map(|(kind, stem)| (Just(kind), (0u8..10).prop_map(move |last| format!("{stem}{last}")))),
                "[0-9]{12}".prop_map(|value| (Kind::Cccd, value)),
                "[0-9]{4,6} ?/ ?2[0-6]/(CBMP|cbmp) ?- ?[A-ZĐđ]{2,6}".prop_map(|value| (Kind::Cbmp, value)),
                "[0-9]{1,5}/20[0-9]{2}/[ĐDđd]KSP".prop_map(|value| (Kind::Dksp, value)),
                "HRB ?[1-9][0-9]{0,5}( B)? (Aachen|Berlin|Koeln)".prop_map(|value| (Kind::DeHr, value)),
            ],
        ) {
            if check(kind, &value, YEAR) == State::WellFormed {
                prop_assert_eq!(check(kind, &canonical(kind, &value), YEAR), State::WellFormed, "{}", value);
            }
        }
    }
}
