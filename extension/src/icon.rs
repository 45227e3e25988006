//! The toolbar button. It cannot be covered or forged by a page, so it must never lie: it is taken back to rest
//! before anything else is done about a new address.

use soi_core::explain::Explainer;
use soi_core::finding::{Assessment, Grade};
use soi_core::knowledge::PageKind;
use wasm_bindgen::JsValue;

use crate::browser::{self, Button, TabId};

/// What the button can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// Soi says nothing about this tab.
    Idle,
    /// The worst known grade on the page.
    Grade(Grade),
}

impl Icon {
    /// What an assessment puts on the button.
    pub fn of(assessment: &Assessment) -> Self {
        let silent = matches!(assessment.kind, PageKind::Wall | PageKind::Other);
        if silent || (assessment.offers.is_empty() && assessment.room.is_none()) {
            Self::Idle
        } else {
            Self::Grade(assessment.overall)
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Grade(Grade::A) => "a",
            Self::Grade(Grade::B) => "b",
            Self::Grade(Grade::C) => "c",
            Self::Grade(Grade::D) => "d",
            Self::Grade(Grade::E) => "e",
            Self::Grade(Grade::Unknown) => "unknown",
        }
    }

    /// Dark enough for a white letter, each of them.
    fn colour(self) -> &'static str {
        match self {
            Self::Idle | Self::Grade(Grade::Unknown) => "#5f6368",
            Self::Grade(Grade::A) => "#1a7340",
            Self::Grade(Grade::B) => "#0e6b7c",
            Self::Grade(Grade::C) => "#8a5a00",
            Self::Grade(Grade::D) => "#bf3f14",
            Self::Grade(Grade::E) => "#8f1022",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Idle => "",
            Self::Grade(grade) => grade.letter(),
        }
    }

    fn title(self, words: &Explainer<'_>) -> String {
        match self {
            Self::Idle => words.text("badge.idle").to_owned(),
            Self::Grade(grade) => {
                words.fill("badge.toolbar", &[("grade", grade.letter()), ("word", words.grade_word(grade))])
            }
        }
    }
}

/// Puts it on a tab's button.
///
/// # Errors
/// The tab is gone.
pub async fn set(tab: TabId, icon: Icon, words: &Explainer<'_>) -> Result<(), JsValue> {
    let button = Button { icon: icon.name(), text: icon.text(), colour: icon.colour(), title: &icon.title(words) };
    browser::set_button(tab, &button).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grade_has_its_own_icon_and_letter() {
        let grades = [Grade::A, Grade::B, Grade::C, Grade::D, Grade::E, Grade::Unknown];
        let mut seen: Vec<_> = grades.map(|grade| (Icon::Grade(grade).name(), Icon::Grade(grade).text())).to_vec();
        seen.push((Icon::Idle.name(), Icon::Idle.text()));
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count);
    }
}
