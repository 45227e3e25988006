//! Handelsregister and its siblings in Germany: the court that keeps the register, the register and the number.
//! "München HRB 6684". No checksum, but the court must be one.
//!
//! The court often stands elsewhere in an imprint: a number without any is of the right form, one with a name that is no
//! court's is not. Whether a company's legal form goes with its register takes both fields, and is left to who has them.

use super::State;
use super::digits::is_number;
use crate::text::fold;

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
        let [register, number, after @ ..] = rest else { return None };
        let mut written = format!("{} {number}", register.to_ascii_uppercase().replace("GNR", "GnR"));
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
    let is_it =
        |court: &&&str| name.strip_prefix(&plain(court)).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
    COURTS.iter().filter(is_it).max_by_key(|court| court.len()).copied()
}

/// Folded, and alike with and without umlauts: "Muenchen", "Munchen", "München".
fn plain(name: &str) -> String {
    fold(name).replace("ae", "a").replace("oe", "o").replace("ue", "u").replace('ß', "ss")
}
