//! Every checksum against python-stdnum, which was written by others from the same rules: more than 100 000 numbers, right
//! and wrong ones, the same at every run.
//!
//! On equal terms: python-stdnum drops separators and prefixes before it looks, each module others. So a number is written
//! with such separators only as both sides drop for its kind ([`SHAPES`]), and the three places where the rules differ on
//! purpose are named in [`Difference`]; anything else fails.
//!
//! `SOI_STDNUM_PYTHON` is a Python that can import `stdnum` (`cargo xtask test` sees to it); without it nothing is compared.

#![cfg(test)]

use std::collections::BTreeMap;
use std::io::Write;
use std::process::{Command, Stdio};

use soi_core::identifiers::{Kind, State, check};
use soi_tests::pages::workspace;

const YEAR: i32 = 2026;

/// How the numbers of a kind are made.
struct Shape {
    kind: Kind,
    prefix: &'static str,
    /// Lengths in digits.
    lengths: &'static [usize],
    /// Where the check digit stands; from the end where negative.
    check_at: isize,
    /// Separators that both sides drop.
    separators: &'static [char],
    /// How many stems are drawn; each is written with all ten check digits.
    stems: usize,
}

const SHAPES: [Shape; 7] = [
    Shape::of(Kind::Gtin, "", &[8, 12, 13, 14], -1, &[' ', '-']),
    Shape::of(Kind::Mst, "", &[10], -1, &['-', '.']),
    Shape::of(Kind::DeVat, "DE", &[9], -1, &[' ', '-', '.']),
    Shape::of(Kind::Siren, "", &[9], -1, &[' ', '.']),
    Shape::of(Kind::Siret, "", &[14], -1, &[' ', '.']),
    Shape::of(Kind::JpCorporate, "", &[13], 0, &[' ', '-']),
    Shape::of(Kind::KrBusiness, "", &[10], -1, &[' ', '-']),
];

impl Shape {
    const fn of(
        kind: Kind,
        prefix: &'static str,
        lengths: &'static [usize],
        check_at: isize,
        separators: &'static [char],
    ) -> Self {
        Self { kind, prefix, lengths, check_at, separators, stems: 1_000 }
    }
}

/// Where the two rules differ, and why that is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    /// python-stdnum knows no checksum of Korean business numbers; ours has no source and is marked as such.
    KoreanChecksum,
    /// python-stdnum refuses Korean tax offices before 101, the sort 00 and the serial 0000; our source says digits only.
    KoreanRanges,
    /// python-stdnum adds a missing "DE"; on a label without it the number is not a VAT number.
    GermanPrefix,
    /// python-stdnum drops whatever parts a branch from its enterprise; here only a hyphen joins them.
    BranchApart,
}

/// What explains that the two disagree about a value; `None`: nothing does.
fn explained(kind: Kind, value: &str, state: State, peer: bool) -> Option<Difference> {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    match kind {
        Kind::KrBusiness if peer && state == State::ChecksumFail => Some(Difference::KoreanChecksum),
        Kind::KrBusiness if !peer && state == State::WellFormed && digits.len() == 10 => {
            let part = |from: usize, to: usize| digits.get(from..to).unwrap();
            let is_refused = part(0, 3) < "101" || part(3, 5) == "00" || part(5, 9) == "0000";
            is_refused.then_some(Difference::KoreanRanges)
        }
        Kind::DeVat if peer && state == State::Malformed => {
            (digits.len() == 9 && !value.to_ascii_uppercase().starts_with("DE")).then_some(Difference::GermanPrefix)
        }
        Kind::Mst if peer && state == State::Malformed && digits.len() == 13 => {
            let (enterprise, branch) = value.rsplit_once([' ', '.'])?;
            let is_right = check(kind, &format!("{enterprise}-{branch}"), YEAR) == State::WellFormed;
            (is_right && branch.len() == 3).then_some(Difference::BranchApart)
        }
        _ => None,
    }
}

/// The same numbers at every run (Knuth's MMIX constants; the high bits are the good ones).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Mostly any digits; now and then runs of zeros or nines, where rules have their exceptions.
    fn digits(&mut self, length: usize) -> Vec<char> {
        let fixed = match self.below(8) {
            0 => Some('0'),
            1 => Some('9'),
            _ => None,
        };
        (0..length)
            .map(|_| match fixed {
                Some(digit) if self.below(3) > 0 => digit,
                _ => char::from(b'0' + self.below(10) as u8),
            })
            .collect()
    }
}

/// A number with one thing wrong, or written otherwise.
fn mutated(random: &mut Random, shape: &Shape, number: &[char]) -> String {
    let mut number = number.to_vec();
    let length = number.len();
    let at = random.below(length);
    match random.below(7) {
        0 => number[at] = char::from(b'0' + random.below(10) as u8),
        1 => number.swap(at, (at + 1) % length),
        2 => drop(number.remove(at)),
        3 => number.insert(at, char::from(b'0' + random.below(10) as u8)),
        4 => number[at] = random.pick(&['O', 'x', '/', '٣', 'ế']),
        // Between two digits: what stands before the first is not written.
        _ => number.insert(at.max(1), random.pick(shape.separators)),
    }
    number.into_iter().collect()
}

fn numbers() -> Vec<(Kind, String)> {
    let mut random = Random(20_261_123);
    let mut numbers = Vec::new();
    for shape in &SHAPES {
        for _ in 0..shape.stems {
            let length = random.pick(shape.lengths);
            let mut number = random.digits(length);
            let check_at = shape.check_at.rem_euclid(length as isize) as usize;
            for last in '0'..='9' {
                number[check_at] = last;
                let written: String = number.iter().collect();
                numbers.push((shape.kind, format!("{}{written}", shape.prefix)));
                numbers.push((shape.kind, format!("{}{}", shape.prefix, mutated(&mut random, shape, &number))));
                match shape.kind {
                    Kind::Mst => {
                        let branch = random.pick(&["000", "001", "002", "137", "01", "0001"]);
                        let joint = random.pick(&["", "-", "-", " "]);
                        numbers.push((shape.kind, format!("{written}{joint}{branch}")));
                    }
                    Kind::DeVat => {
                        numbers.push((shape.kind, format!("{}{written}", random.pick(&["", "de", "DE ", "FR"]))))
                    }
                    // La Poste has a rule of its own.
                    Kind::Siret => numbers.push((shape.kind, format!("356000000{}", written.get(9..).unwrap()))),
                    _ => {}
                }
            }
        }
    }
    // French VAT numbers: every key before enterprises whose own digits are right, and before some where they are not.
    let enterprises: Vec<String> =
        numbers.iter().filter(|(kind, _)| *kind == Kind::Siren).map(|(_, value)| value.clone()).collect();
    for siren in enterprises.iter().filter(|siren| check(Kind::Siren, siren, YEAR) == State::WellFormed).step_by(8) {
        numbers.extend((0..100).map(|key| (Kind::FrTva, format!("FR{key:02}{siren}"))));
    }
    numbers.extend(enterprises.iter().step_by(5).map(|siren| (Kind::FrTva, format!("FR40{siren}"))));
    numbers
}

/// What python-stdnum says of each number.
fn verdicts(python: &str, numbers: &[(Kind, String)]) -> Vec<bool> {
    let mut peer = Command::new(python)
        .arg(workspace().join("tests/peers/stdnum_check.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("SOI_STDNUM_PYTHON={python}: {error}"));
    let lines: String = numbers.iter().map(|(kind, value)| format!("{}\t{value}\n", kind.id())).collect();
    // Dropped when written, which ends the peer's input.
    peer.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = peer.wait_with_output().unwrap();
    assert!(output.status.success(), "stdnum_check.py ended with {}", output.status);
    String::from_utf8(output.stdout).unwrap().lines().map(|verdict| verdict == "1").collect()
}

/// Shown even when the test passes.
fn say(line: &str) {
    writeln!(std::io::stderr(), "    {line}").unwrap();
}

#[derive(Default)]
struct Tally {
    compared: usize,
    right: usize,
    explained: BTreeMap<Difference, usize>,
    unexplained: Vec<String>,
}

#[test]
fn checksums_agree_with_python_stdnum() {
    let Ok(python) = std::env::var("SOI_STDNUM_PYTHON") else {
        say("SKIPPED: identifiers are not compared with python-stdnum: SOI_STDNUM_PYTHON names no Python that has it");
        return;
    };
    let numbers = numbers();
    assert!(numbers.len() >= 100_000, "only {} numbers", numbers.len());
    let verdicts = verdicts(&python, &numbers);
    assert_eq!(verdicts.len(), numbers.len());

    let mut tallies: BTreeMap<Kind, Tally> = BTreeMap::new();
    for ((kind, value), peer) in numbers.iter().zip(verdicts) {
        let state = check(*kind, value, YEAR);
        let tally = tallies.entry(*kind).or_default();
        tally.compared += 1;
        if (state == State::WellFormed) == peer {
            tally.right += usize::from(peer);
        } else if let Some(difference) = explained(*kind, value, state, peer) {
            *tally.explained.entry(difference).or_default() += 1;
        } else {
            tally.unexplained.push(format!("{} \"{value}\": {state:?}, python-stdnum {peer}", kind.id()));
        }
    }
    say(&format!("{} numbers compared with python-stdnum", numbers.len()));
    for (kind, tally) in &tallies {
        let (compared, right) = (tally.compared, tally.right);
        say(&format!("{}: {compared} compared, {right} right in both, explained {:?}", kind.id(), tally.explained));
        assert!(right >= 100, "{}: too few right numbers to tell anything", kind.id());
    }
    let unexplained: Vec<String> = tallies.into_values().flat_map(|tally| tally.unexplained).collect();
    assert!(
        unexplained.is_empty(),
        "{} differences:\n{}",
        unexplained.len(),
        unexplained[..unexplained.len().min(40)].join("\n")
    );
}
