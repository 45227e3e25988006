//! An event of a record: what it is about, which step of the ladder, who said so, in which document.

use std::fmt;

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Matter {
    /// Safety or quality of goods.
    Safety,
    /// Counterfeit goods.
    Counterfeit,
    /// Label or notification that does not fit the goods.
    Labelling,
    /// A stated origin that is not the real one.
    OriginRelabelled,
    /// Untruthful advertising.
    FalseAdvertising,
    /// Sponsorship that was not told.
    UndisclosedAdvertising,
    /// Deceiving customers.
    DeceivingCustomers,
    /// A platform's rules.
    PlatformRules,
    /// Being an authorised seller.
    AuthorisedSeller,
    /// Having presented a product that was withdrawn or recalled later.
    PresentedWithdrawn,
}

/// A step of the ladder, from an allegation to a final verdict, and the ways off it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Somebody says so.
    Allegation,
    /// An authority asks for an inspection or for an answer.
    AuthorityRequest,
    /// An authority inspects.
    Inspection,
    /// A sample was tested.
    SampleResult,
    /// Withdrawn by its seller or maker: no violation.
    WithdrawalVoluntary,
    /// Withdrawn or recalled by order of an authority.
    WithdrawalOrdered,
    /// An administrative fine.
    AdminFine,
    /// A criminal case was opened (khởi tố vụ án).
    CaseOpened,
    /// Somebody was charged (khởi tố bị can).
    Charged,
    /// Somebody was indicted (truy tố).
    Indicted,
    /// A verdict of the first instance.
    FirstInstance,
    /// A verdict on appeal.
    Appeal,
    /// A final verdict.
    Final,
    /// Found without fault.
    Cleared,
    /// The case was dropped.
    NotProsecuted,
    /// The issuer corrected itself.
    Corrected,
    /// No longer in force.
    Expired,
    /// A platform's penalty.
    PlatformPenalty,
    /// A brand's or maker's confirmation.
    Confirmed,
}

/// A number that sources state, with each source's own: conflicting ones stand side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Count<'a> {
    /// What was counted, and how many, as the source has it.
    pub said: &'a str,
    /// Who said so.
    pub source: &'a str,
}

/// A text in two parts, as a pack keeps it: many share one of the two. Borrowed, so that nothing is joined before it is
/// shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Parted<'a>(pub(crate) &'a str, pub(crate) &'a str);

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Event<'a> {
    /// Which of the subject's matters it belongs to: a step leads on from the steps of the same one.
    pub case: u8,
    /// What it is about.
    pub matter: Matter,
    /// Which step.
    pub status: Status,
    /// The day, counted from 1970-01-01; absent where no source has it.
    pub day: Option<u32>,
    /// First day in force, where the document says so.
    pub from: Option<u32>,
    /// Last day in force.
    pub to: Option<u32>,
    /// Who decided, or said so.
    pub issuer: &'a str,
    /// The document's number or title.
    pub document: Option<Parted<'a>>,
    /// What the document or the report says, in a sentence.
    pub words: Option<&'a str>,
    /// What the subject says to it.
    pub reply: Option<&'a str>,
    /// Where it can be read.
    pub urls: Vec<Parted<'a>>,
    /// Quantities by source.
    pub counts: Vec<Count<'a>>,
    /// Whether the source was verified.
    pub verified: bool,
}

impl<'a> Parted<'a> {
    /// The parts, one behind the other.
    pub fn parts(self) -> [&'a str; 2] {
        [self.0, self.1]
    }

    /// The whole text.
    pub fn joined(self) -> String {
        self.parts().concat()
    }
}

impl<'a> From<&'a str> for Parted<'a> {
    /// Behind its last slash: addresses share their beginnings, numbers of documents their ends.
    fn from(text: &'a str) -> Self {
        let end = text.rfind('/').map_or(0, |at| at + 1);
        let (first, last) = text.split_at_checked(end).unwrap_or((text, ""));
        Self(first, last)
    }
}

impl fmt::Display for Parted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)?;
        out.write_str(self.1)
    }
}

impl Matter {
    /// Every matter, in the order of their numbers in a pack.
    pub const ALL: [Self; 10] = [
        Self::Safety,
        Self::Counterfeit,
        Self::Labelling,
        Self::OriginRelabelled,
        Self::FalseAdvertising,
        Self::UndisclosedAdvertising,
        Self::DeceivingCustomers,
        Self::PlatformRules,
        Self::AuthorisedSeller,
        Self::PresentedWithdrawn,
    ];

    /// Its name in record files and message keys.
    pub fn id(self) -> &'static str {
        match self {
            Self::Safety => "safety",
            Self::Counterfeit => "counterfeit",
            Self::Labelling => "labelling",
            Self::OriginRelabelled => "origin-relabelled",
            Self::FalseAdvertising => "false-advertising",
            Self::UndisclosedAdvertising => "undisclosed-advertising",
            Self::DeceivingCustomers => "deceiving-customers",
            Self::PlatformRules => "platform-rules",
            Self::AuthorisedSeller => "authorised-seller",
            Self::PresentedWithdrawn => "presented-withdrawn",
        }
    }
}

impl Status {
    /// Every status, in the order of their numbers in a pack.
    pub const ALL: [Self; 19] = [
        Self::Allegation,
        Self::AuthorityRequest,
        Self::Inspection,
        Self::SampleResult,
        Self::WithdrawalVoluntary,
        Self::WithdrawalOrdered,
        Self::AdminFine,
        Self::CaseOpened,
        Self::Charged,
        Self::Indicted,
        Self::FirstInstance,
        Self::Appeal,
        Self::Final,
        Self::Cleared,
        Self::NotProsecuted,
        Self::Corrected,
        Self::Expired,
        Self::PlatformPenalty,
        Self::Confirmed,
    ];

    /// Its name in record files and message keys.
    pub fn id(self) -> &'static str {
        match self {
            Self::Allegation => "allegation",
            Self::AuthorityRequest => "authority-request",
            Self::Inspection => "inspection",
            Self::SampleResult => "sample-result",
            Self::WithdrawalVoluntary => "withdrawal-voluntary",
            Self::WithdrawalOrdered => "withdrawal-ordered",
            Self::AdminFine => "admin-fine",
            Self::CaseOpened => "case-opened",
            Self::Charged => "charged",
            Self::Indicted => "indicted",
            Self::FirstInstance => "first-instance",
            Self::Appeal => "appeal",
            Self::Final => "final",
            Self::Cleared => "cleared",
            Self::NotProsecuted => "not-prosecuted",
            Self::Corrected => "corrected",
            Self::Expired => "expired",
            Self::PlatformPenalty => "platform-penalty",
            Self::Confirmed => "confirmed",
        }
    }

    /// Whether an authority has decided.
    pub fn is_decision(self) -> bool {
        matches!(self, Self::WithdrawalOrdered | Self::AdminFine | Self::FirstInstance | Self::Appeal | Self::Final)
    }

    /// Whether it ends what came before it.
    pub fn is_exit(self) -> bool {
        matches!(self, Self::Cleared | Self::NotProsecuted | Self::Corrected | Self::Expired)
    }
}
