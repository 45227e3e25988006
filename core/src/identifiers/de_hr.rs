//! Handelsregister and its siblings in Germany: the court that keeps the register, the register and the number.
//! "München HRB 6684". No checksum, but the court must be one.
//!
//! The court often stands elsewhere in an imprint: a number without any is of the right form, one with a name that is no
//! court's is not. Whether a company's legal form goes with its register takes both fields, and is left to who has them.

use super::State;
use super::digits::is_number;
use crate::text::{fold, replaced};

/// Courts that keep a register, by the names that are written with the number.
#[rustfmt::skip]
const COURTS: [&str; 150] = [
    "Aachen", "Altenburg", "Amberg", "Ansbach", "Apolda", "Arnsberg", "Arnstadt", "Aschaffenburg", "Augsburg",
    "Aurich", "Bad Hersfeld", "Bad Homburg", "Bad Kreuznach", "Bad Oeynhausen", "Bad Salzungen", "Bamberg",
    "Bayreuth", "Berlin", "Bielefeld", "Bochum", "Bonn", "Braunschweig", "Bremen", "Charlottenburg", "Chemnitz",
    "Coburg", "Coesfeld", "Cottbus", "Darmstadt", "Deggendorf", "Dortmund", "Dresden", "Duisburg", "Düren",
    "Düsseldorf", "Eisenach", "Erfurt", "Eschwege", "Essen", "Flensburg", "Frankfurt", "Freiburg", "Friedberg",
    "Fritzlar", "Fulda", "Fürth", "Gelsenkirchen", "Gera", "Gießen", "Gotha", "Göttingen", "Greiz", "Gütersloh",
    "Hagen", "Hamburg", "Hamm", "Hanau", "Hannover", "Heilbad Heiligenstadt", "Hildburghausen", "Hildesheim", "Hof",
    "Homburg", "Ingolstadt", "Iserlohn", "Jena", "Kaiserslautern", "Kassel", "Kempten", "Kiel", "Kleve", "Koblenz",
    "Köln", "Königstein", "Korbach", "Krefeld", "Landau", "Landshut", "Langenfeld", "Lebach", "Leipzig", "Lemgo",
    "Limburg", "Lübeck", "Ludwigshafen", "Lüneburg", "Mainz", "Mannheim", "Marburg", "Meiningen", "Memmingen",
    "Merzig", "Mönchengladbach", "Montabaur", "Mühlhausen", "München", "Münster", "Neubrandenburg", "Neunkirchen",
    "Neuruppin", "Neuss", "Nordhausen", "Nürnberg", "Offenbach", "Oldenburg", "Osnabrück", "Ottweiler", "Paderborn",
    "Passau", "Pinneberg", "Pößneck", "Potsdam", "Recklinghausen", "Regensburg", "Rostock", "Rudolstadt", "Saalfeld",
    "Saarbrücken", "Saarlouis", "Schweinfurt", "Schwerin", "Siegburg", "Siegen", "Sömmerda", "Sondershausen",
    "Sonneberg", "St Ingbert", "St Wendel", "Stadthagen", "Stadtroda", "Steinfurt", "Stendal", "Stralsund",
    "Straubing", "Stuttgart", "Suhl", "Tostedt", "Traunstein", "Ulm", "Völklingen", "Walsrode", "Weiden", "Weimar",
    "Wetzlar", "Wiesbaden", "Wittlich", "Worbis", "Wuppertal", "Würzburg", "Zweibrücken",
];

const REGISTERS: [&str; 5] = ["HRA", "HRB", "GNR", "PR", "VR"];

/// Words around a court's name that are not part of it.
const LABELS: [&str; 12] = [
    "ag",
    "amtsgericht",
    "amtsgerichts",
    "beim",
    "des",
    "handelsregister",
    "handelsregisternummer",
    "im",
    "nr",
    "registergericht",
    "registernummer",
    "reg",
];

pub(super) fn check(value: &str) -> State {
    let Some(parts) = Parts::of(value) else { return State::Malformed };
    State::of_form(parts.is_right && (parts.court.is_empty() || known_court(&parts.court).is_some()))
}

/// "München HRB 6684".
pub(super) fn canonical(value: &str) -> String {
    let whole = || value.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some(parts) = Parts::of(value).filter(|parts| parts.is_right) else { return whole() };
    match known_court(&parts.court) {
        Some(court) => format!("{court} {}", parts.number),
        None if parts.court.is_empty() => parts.number,
        None => whole(),
    }
}

/// Where the number ends of a register that is named there in a text: "HRB 6684", "HRB-Nr. 6684", "HRB 12345 B".
pub(super) fn number_end(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    let mut letters = rest.strip_prefix("HR")?.chars();
    let rest = letters.next().filter(char::is_ascii_uppercase).map(|_| letters.as_str())?;
    let between: &[char] = &[' ', '\u{a0}', ':', '.', '-'];
    let number = rest.trim_start_matches(between);
    let number = number.strip_prefix("Nr").map_or(number, |number| number.trim_start_matches(between));
    let length = number.bytes().take_while(u8::is_ascii_digit).count();
    let after = number.get(length..)?;
    if length == 0 || after.starts_with(char::is_alphanumeric) {
        return None;
    }
    let end = text.len() - after.len();
    let suffix =
        after.strip_prefix(' ').map(|word| word.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default());
    // Behind it may stand the next number instead: "HRB 6684 DE 136695976".
    Some(suffix.filter(|word| is_suffix(word) && *word != "DE").map_or(end, |word| end + 1 + word.len()))
}

/// The court of a number that stands between these: behind "Amtsgericht" if there is one, otherwise directly beside it.
pub(super) fn court_near(before: &str, after: &str) -> Option<&'static str> {
    fn words(text: &str) -> Vec<&str> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
    }
    let (before, after) = (words(before), words(after));
    let is_label = |word: &str| LABELS.contains(&fold(word).as_str());
    let named = |words: &[&str]| {
        words.windows(2).enumerate().find_map(|(at, pair)| {
            let [label, _] = pair else { return None };
            let is_court = matches!(fold(label).as_str(), "ag" | "amtsgericht" | "registergericht");
            known_court(&words.get(at + 1..).filter(|_| is_court)?.join(" "))
        })
    };
    let beside = || {
        let last = before.iter().rposition(|word| !is_label(word)).map_or(0, |at| at + 1);
        // A name has up to three words.
        let ends_there = |from: usize| before.get(from..last).and_then(|words| whole_court(&words.join(" ")));
        let follows =
            || known_court(&after.iter().skip_while(|word| is_label(word)).copied().collect::<Vec<_>>().join(" "));
        (last.saturating_sub(3)..last).find_map(ends_there).or_else(follows)
    };
    named(&before).or_else(|| named(&after)).or_else(beside)
}

/// The court whose name this is.
fn whole_court(name: &str) -> Option<&'static str> {
    known_court(name).filter(|court| plain(court).len() == plain(name).len())
}

/// What a value consists of.
struct Parts {
    court: String,
    /// "HRB 6684", "HRB 12345 B".
    number: String,
    is_right: bool,
}

impl Parts {
    fn of(value: &str) -> Option<Self> {
        let spaced = spaced(value);
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let at = words.iter().position(|word| REGISTERS.iter().any(|register| word.eq_ignore_ascii_case(register)))?;
        let (before, rest) = words.split_at_checked(at)?;
        let (register, rest) = rest.split_first()?;
        let [number, after @ ..] = rest.strip_prefix(&["Nr"]).unwrap_or(rest) else { return None };
        let mut written = format!("{} {number}", replaced(&register.to_ascii_uppercase(), "GNR", "GnR"));
        let after = match after {
            [suffix, after @ ..] if is_suffix(suffix) => {
                written.push_str(&format!(" {suffix}"));
                after
            }
            _ => after,
        };
        let is_name = |word: &&&str| !LABELS.contains(&fold(word).as_str());
        let court: Vec<&str> = before.iter().chain(after).filter(is_name).copied().collect();
        Some(Self {
            court: court.join(" "),
            number: written,
            is_right: is_number(number, 1..=6) && !number.starts_with('0'),
        })
    }
}

/// With words parted by spaces alone, the register's letters and its digits too: "HRB6684".
fn spaced(value: &str) -> String {
    let mut spaced = String::with_capacity(value.len() + 1);
    let mut in_word = false;
    for character in value.chars() {
        if character.is_ascii_digit() && in_word {
            spaced.push(' ');
        }
        in_word = character.is_alphabetic();
        spaced.push(if character.is_alphanumeric() { character } else { ' ' });
    }
    spaced
}

/// Letters that some courts put behind the number: "HRB 12345 B".
fn is_suffix(word: &str) -> bool {
    is_court_letters(word) && !LABELS.contains(&fold(word).as_str())
}

fn is_court_letters(word: &str) -> bool {
    (1..=3).contains(&word.chars().count()) && word.chars().all(|c| c.is_ascii_uppercase() || c == 'Ö')
}

/// The court that a name starts with: "Kempten (Allgäu)" is Kempten.
fn known_court(name: &str) -> Option<&'static str> {
    let name = plain(name);
    let first = name.bytes().next();
    let starts_alike = |court: &&&str| court.bytes().next().map(|byte| byte.to_ascii_lowercase()) == first;
    let is_it =
        |court: &&&str| name.strip_prefix(&plain(court)).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    COURTS.iter().filter(starts_alike).filter(is_it).max_by_key(|court| court.len()).copied()
}

/// Folded, and alike with and without umlauts: "Muenchen", "Munchen", "München".
fn plain(name: &str) -> String {
    let umlauts = [("ae", "a"), ("oe", "o"), ("ue", "u"), ("ß", "ss")];
    umlauts.into_iter().fold(fold(name), |name, (written, plain)| replaced(&name, written, plain))
}
