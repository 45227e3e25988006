//! From an assessment to what badges in a page say: letters, words and shapes, ready to draw.

use serde::Serialize;
use soi_core::explain::Explainer;
use soi_core::finding::{Answer, Assessment, Grade};
use soi_core::knowledge::PageKind;

/// The badges of a page.
#[derive(Debug, Serialize)]
pub struct Verdict {
    /// Language of the words.
    pub lang: &'static str,
    /// One for each element that shows a product, or one for the room.
    pub badges: Vec<Badge>,
}

/// One badge.
#[derive(Debug, Clone, Serialize)]
pub struct Badge {
    /// `page`, `room`, or a card's name in the content script.
    pub anchor: String,
    /// The product's key; absent: the room.
    pub key: Option<String>,
    /// The worst known grade.
    pub overall: Grade,
    /// All of it in one sentence, for screen readers.
    pub label: String,
    /// What pressing it does.
    pub hint: String,
    /// Origin, seller, host.
    pub marks: Vec<Mark>,
}

/// One answer in a badge.
#[derive(Debug, Clone, Serialize)]
pub struct Mark {
    /// `origin`, `seller` or `host`.
    pub question: &'static str,
    /// The question's name.
    pub name: String,
    /// Letter.
    pub grade: Grade,
    /// Word.
    pub word: String,
    /// Shape.
    pub shape: &'static str,
}

/// The shape that stands for a grade, so that colour never stands alone.
pub fn shape(grade: Grade) -> &'static str {
    match grade {
        Grade::A => "circle",
        Grade::B => "diamond",
        Grade::C => "triangle",
        Grade::D => "square",
        Grade::E => "octagon",
        Grade::Unknown => "ring",
    }
}

/// The badges of an assessment.
pub fn verdict(assessment: &Assessment, words: &Explainer<'_>) -> Verdict {
    let offers = assessment.offers.iter().flat_map(|offer| {
        let badge = Badge {
            anchor: String::new(),
            key: Some(offer.key.clone()),
            overall: offer.overall,
            label: label(offer.title.as_deref(), &offer.answers, words),
            hint: words.text("badge.hint").to_owned(),
            marks: marks(&offer.answers, words),
        };
        // A basket and a pinned card may show the same product.
        offer.anchors.iter().map(move |anchor| Badge { anchor: anchor.clone(), ..badge.clone() })
    });
    // On a profile nothing is for sale, and what is known of the account can wait until somebody asks.
    let room = assessment.room.iter().filter(|_| assessment.kind != PageKind::Profile).map(|answers| Badge {
        anchor: "room".to_owned(),
        key: None,
        overall: Grade::worst(answers.iter().map(|answer| answer.grade)),
        label: label(None, answers, words),
        hint: words.text("badge.hint").to_owned(),
        marks: marks(answers, words),
    });
    Verdict { lang: words.lang().tag(), badges: offers.chain(room).collect() }
}

fn marks(answers: &[Answer], words: &Explainer<'_>) -> Vec<Mark> {
    let mark = |answer: &Answer| Mark {
        question: answer.question.id(),
        name: words.question_name(answer.question).to_owned(),
        grade: answer.grade,
        word: words.answer_word(answer).to_owned(),
        shape: shape(answer.grade),
    };
    answers.iter().map(mark).collect()
}

fn label(title: Option<&str>, answers: &[Answer], words: &Explainer<'_>) -> String {
    let told: Vec<String> = answers.iter().map(|answer| told(answer, words)).collect();
    let told = told.join("; ");
    match title {
        Some(title) => words.fill("badge.product", &[("title", title), ("answers", &told)]),
        None => words.fill("badge.room", &[("answers", &told)]),
    }
}

/// "Nguồn gốc C, Hỏi trước": an answer as it is read aloud.
pub fn told(answer: &Answer, words: &Explainer<'_>) -> String {
    words.fill(
        "badge.answer",
        &[
            ("question", words.question_name(answer.question)),
            ("grade", answer.grade.letter()),
            ("word", words.answer_word(answer)),
        ],
    )
}
