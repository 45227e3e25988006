//! Why a pack is refused. Each reason has a code of its own; the pack in use stays in use.

/// Why a pack is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// Does not begin as a pack does.
    #[error("pack.magic: this is not a pack")]
    Magic,
    /// Ends before its header says so.
    #[error("pack.truncated: {given} bytes, {stated} are stated")]
    Truncated {
        /// Bytes given.
        given: u64,
        /// Bytes that its header states.
        stated: u64,
    },
    /// Goes on behind its end.
    #[error("pack.trailing: {given} bytes, {stated} are stated")]
    Trailing {
        /// Bytes given.
        given: u64,
        /// Bytes that its header states.
        stated: u64,
    },
    /// More than a pack may have.
    #[error("pack.too-large: {stated} bytes, at most {limit} are read")]
    TooLarge {
        /// Bytes stated or given.
        stated: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// A header of a later version.
    #[error("pack.format: version {given} of the format, version {known} is read")]
    Format {
        /// Version given.
        given: u16,
        /// Version read.
        known: u16,
    },
    /// A body that this program has no reader for.
    #[error("pack.layout: layout {given} of the body, layout {known} is read")]
    Layout {
        /// Layout given.
        given: u32,
        /// Layout read.
        known: u32,
    },
    /// Another kind of pack than the one asked for.
    #[error("pack.kind: another kind of pack was asked for")]
    Kind,
    /// Another set, or another part of it, than the one asked for.
    #[error("pack.set: the pack is of \"{given}\"")]
    Set {
        /// The set that it names.
        given: String,
    },
    /// Signed by a key that nobody knows.
    #[error("pack.key-unknown: no key {0} is trusted")]
    KeyUnknown(String),
    /// Signed by a key that was taken back.
    #[error("pack.key-revoked: key {0} was revoked")]
    KeyRevoked(String),
    /// Made before or after the time in which its key signs.
    #[error("pack.key-time: key {0} did not sign at that time")]
    KeyTime(String),
    /// Signed by a key that does not sign this set.
    #[error("pack.key-set: key {0} does not sign this set")]
    KeySet(String),
    /// The signature is not the key's.
    #[error("pack.signature: the signature does not fit")]
    Signature,
    /// The body is another one than what was signed.
    #[error("pack.hash: the body is not the one that was signed")]
    Hash,
    /// Older than the pack in use.
    #[error("pack.older: sequence {given}, {known} is in use")]
    Older {
        /// Sequence given.
        given: u64,
        /// Sequence in use.
        known: u64,
    },
    /// Made later than now.
    #[error("pack.future: it was made in the future")]
    Future,
    /// A sequence so high that nothing could follow it.
    #[error("pack.sequence: sequence {0} is beyond the time it was made at")]
    Sequence(u64),
    /// Signed, and yet not readable: whoever made it made a mistake.
    #[error("pack.body: {0}")]
    Body(&'static str),
    /// A delta that does not fit the pack that it is applied to.
    #[error("pack.delta: {0}")]
    Delta(&'static str),
}

impl PackError {
    /// Stable code, the part before the colon of the message.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Magic => "pack.magic",
            Self::Truncated { .. } => "pack.truncated",
            Self::Trailing { .. } => "pack.trailing",
            Self::TooLarge { .. } => "pack.too-large",
            Self::Format { .. } => "pack.format",
            Self::Layout { .. } => "pack.layout",
            Self::Kind => "pack.kind",
            Self::Set { .. } => "pack.set",
            Self::KeyUnknown(_) => "pack.key-unknown",
            Self::KeyRevoked(_) => "pack.key-revoked",
            Self::KeyTime(_) => "pack.key-time",
            Self::KeySet(_) => "pack.key-set",
            Self::Signature => "pack.signature",
            Self::Hash => "pack.hash",
            Self::Older { .. } => "pack.older",
            Self::Future => "pack.future",
            Self::Sequence(_) => "pack.sequence",
            Self::Body(_) => "pack.body",
            Self::Delta(_) => "pack.delta",
        }
    }
}
