//! Any bytes as a pack: nothing panics, no lookup gives more than a bounded amount, and what is accepted is found again,
//! comes out of writing as it went in, and differs from another pack by a delta that makes the one from the other.

use std::collections::{BTreeMap, BTreeSet};

use soi_core::pack::{
    Content, Expected, HEADER_BYTES, Header, KeyId, MAX_RECORD_BYTES, Pack, PackError, PackKind, RECORDS_LAYOUT,
    RecordSet, RecordsBody, Sealed, Seen, SetName, Shard, Trust, TrustedKey, WriteError, body_hash, changes,
    write_delta,
};
use soi_core::record::{Event, Key};

/// What an input is, by its first byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A pack, header and all.
    Whole,
    /// The body of a pack of records.
    Body,
    /// Two bodies: of a pack and of a delta that is laid over it.
    Delta,
    /// Two bodies of packs.
    Two,
}

impl Form {
    /// The first byte of such an input.
    pub fn byte(self) -> u8 {
        match self {
            Self::Whole => 0,
            Self::Body => 1,
            Self::Delta => 2,
            Self::Two => 3,
        }
    }
}

/// More texts than a page has, among them names that the seeds have on record.
const TEXTS: [&str; 5] = [
    "",
    "  keo  ti tach ",
    "hop keo ti tach vi cam 40 vien keo ti tach chanh day hang chinh hang",
    "kem trang da ngua mun mo vet tham lynshao hop 1 lo 12 g lynshao trang da ngua mun mo vet tham",
    "a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n o p q r s t u v w x y z",
];
/// Names under which the seeds have records, and one under which nobody has.
const KEYS: [&str; 6] = [
    "host:tiktok:ban.hang.1",
    "shop:shopee:1",
    "brand:soc nau",
    "product-name:keo ti tach",
    "company-name:cong ty co phan asia life",
    "product:lazada:nobody",
];
/// Places of hostile lists that are looked at before the body has been checked.
const PLACES: usize = 64;

/// Looks at an input.
pub fn run(data: &[u8]) {
    let Some((form, rest)) = data.split_first() else { return };
    match form % 4 {
        0 => whole(rest),
        1 => body(rest),
        form => {
            let Some((length, rest)) = rest.split_first_chunk() else { return };
            let (first, second) = rest.split_at(usize::from(u16::from_le_bytes(*length)).min(rest.len()));
            if form == Form::Delta.byte() { laid_over(first, second) } else { two(first, second) }
        }
    }
}

/// A pack whose header is as it was given, then one whose header tells the truth about the body behind it.
fn whole(bytes: &[u8]) {
    let Ok(header) = Header::read(bytes) else {
        let now = 0;
        Sealed::read(bytes, &Trust::built_in(), &expected(PackKind::Records, None), now).expect_err("no header");
        return;
    };
    let signed = header.to_bytes();
    assert_eq!(Header::read(&[&signed[..], &[0; 64]].concat()), Ok(header), "a header is read as it was written");
    let _ = Sealed::read(bytes, &Trust::built_in(), &expected(header.kind, None), header.created);
    let _ = Sealed::read(bytes, &trust(&header), &expected_of(&header), header.created);

    let body = bytes.get(HEADER_BYTES..).unwrap_or_default();
    let truthful = Header { body_bytes: body.len() as u64, body_hash: body_hash(body), ..header };
    let Some(pack) = pack(truthful, body) else { return };
    assert_eq!((pack.header(), pack.body()), (&truthful, body), "an opened pack is what was sealed");
    if header.kind == PackKind::Records
        && let Ok(set) = RecordSet::new(pack)
    {
        asked(&set);
    }
}

/// A body that has passed every check of its header.
fn body(bytes: &[u8]) {
    let Ok(body) = RecordsBody::open(bytes) else {
        assert!(base(bytes).is_none(), "a set has no body that cannot be opened");
        return;
    };
    hostile(&body);
    asked(&base(bytes).expect("a body that can be opened makes a set"));
    if body.check().is_ok() {
        accepted(&body);
    }
}

/// Two bodies, of which the second says what changed.
fn laid_over(first: &[u8], second: &[u8]) {
    let Some(mut set) = base(first) else { return };
    let (old, changed) = (RecordsBody::open(first), RecordsBody::open(second));
    let delta = [&set.base().header().body_hash[..], second].concat();
    let delta = pack(header(PackKind::Delta, &delta), &delta).expect("a truthful header");
    assert_eq!(set.change(delta).is_ok(), changed.is_ok(), "a delta is taken when it can be opened");
    asked(&set);
    let (Ok(old), Ok(changed)) = (old, changed) else { return };
    if old.check().is_err() || changed.check().is_err() {
        return;
    }
    for fingerprint in fingerprints(&old).chain(fingerprints(&changed)) {
        let found = changed.content(fingerprint).or_else(|| old.content(fingerprint));
        assert_eq!(set.content(fingerprint), found, "what changed comes first");
        assert!(found.is_some(), "no name gets lost");
    }
}

/// Two bodies, and the delta that makes the second of the first.
fn two(first: &[u8], second: &[u8]) {
    let (Ok(old), Ok(new)) = (RecordsBody::open(first), RecordsBody::open(second)) else { return };
    if old.check().is_err() || new.check().is_err() {
        let _ = changes(&old, &new);
        let _ = write_delta(&old, &new);
        return;
    }
    let written = match write_delta(&old, &new) {
        Ok(written) => written,
        Err(error) => return refused(&error, [&old, &new]),
    };
    let changed = changes(&old, &new).expect("what can be written can be compared");
    assert!(changed.iter().is_sorted_by(|one, other| one.fingerprint() < other.fingerprint()), "in order, each once");
    let mut set = base(first).expect("a checked body");
    let delta = [&set.base().header().body_hash[..], &written].concat();
    set.change(pack(header(PackKind::Delta, &delta), &delta).expect("a truthful header")).expect("a written delta");
    for fingerprint in names([&old, &new]).into_values() {
        let (changed, whole) = (set.content(fingerprint), new.content(fingerprint));
        assert_eq!(on_record(changed), on_record(whole), "a delta leads to what the new pack says");
    }
}

/// Everything that can be asked of a body before it has been checked.
fn hostile(body: &RecordsBody<'_>) {
    let places = || (0..body.keys().min(PLACES)).chain([body.keys(), usize::MAX]);
    for at in places() {
        light(body.content_at(at));
        if let Some(fingerprint) = body.fingerprint_at(at) {
            light(body.content(fingerprint));
        }
    }
    for fingerprint in [0, 1, u64::MAX] {
        light(body.content(fingerprint));
    }
    for key in keys() {
        if let Some(events) = body.find(&key) {
            light(Some(Content::Events(events)));
        }
    }
}

/// Everything that a page asks.
fn asked(set: &RecordSet) {
    for key in keys() {
        if let Some(events) = set.find(&key) {
            assert!(!events.is_empty(), "who is on record has events");
            light(Some(Content::Events(events)));
        }
    }
    for text in TEXTS {
        let Some((events, name)) = set.find_named(text) else { continue };
        assert!(!events.is_empty(), "who is on record has events");
        assert!(format!(" {text} ").contains(&format!(" {name} ")), "\"{name}\" is not in \"{text}\"");
        light(Some(Content::Events(events)));
    }
}

/// A body that passed its check: everything in it is found, and writing it again changes nothing.
fn accepted(body: &RecordsBody<'_>) {
    for at in 0..body.keys() {
        let fingerprint = body.fingerprint_at(at).expect("every key has a fingerprint");
        let content = body.content_at(at).expect("every key leads to something");
        assert_eq!(body.content(fingerprint).as_ref(), Some(&content), "key {at} is found by its fingerprint");
        light(Some(content));
    }
    let nothing = empty(body.bucket_bits());
    let nothing = RecordsBody::open(&nothing).expect("an empty body");
    nothing.check().expect("an empty body holds");
    assert_eq!(changes(body, body).map(|changes| changes.len()), Ok(0), "nothing differs from itself");
    let written = match write_delta(&nothing, body) {
        Ok(written) => written,
        Err(error) => return refused(&error, [body, &nothing]),
    };
    let again = RecordsBody::open(&written).expect("what was written can be opened");
    again.check().expect("what was written holds");
    let mut names = 0;
    for at in 0..body.keys() {
        let fingerprint = body.fingerprint_at(at).expect("every key has a fingerprint");
        let found = on_record(body.content(fingerprint));
        names += usize::from(found.is_some());
        assert_eq!(on_record(again.content(fingerprint)), found, "what was read is written");
    }
    assert_eq!(again.keys(), names, "nothing else is written");
    assert_eq!(write_delta(&nothing, &again).as_ref(), Ok(&written), "the same records give the same bytes");
}

/// The only reason why bodies that hold are not written: of two names too little is kept to tell them apart.
#[track_caller]
fn refused(error: &WriteError, bodies: [&RecordsBody<'_>; 2]) {
    assert!(matches!(error, WriteError::Unreadable(PackError::Delta(_))), "{error}");
    let told = names(bodies).len();
    let names: BTreeSet<u64> = bodies.iter().flat_map(|body| fingerprints(body)).collect();
    assert!(told < names.len(), "{error}, yet all of them can be told apart");
}

/// The fingerprints of two bodies by what both keep of them, each as far as either keeps it.
fn names(bodies: [&RecordsBody<'_>; 2]) -> BTreeMap<u64, u64> {
    let untold = 16 - bodies.map(|body| body.bucket_bits().min(16)).into_iter().min().unwrap_or(0);
    let mut names = BTreeMap::new();
    for print in bodies.iter().flat_map(|body| fingerprints(body)) {
        let longest = names.entry(print >> untold).or_insert(print);
        *longest = print.max(*longest);
    }
    names
}

/// What a lookup gives has a limit that no pack can raise.
#[track_caller]
fn light(content: Option<Content<'_>>) {
    let events = content.and_then(|content| content.events().cloned()).unwrap_or_default();
    let bytes: usize = events.iter().map(|event| size_of_val(event) + weight(event)).sum();
    assert!(bytes <= MAX_RECORD_BYTES, "one lookup gives {} events, {bytes} bytes", events.len());
}

fn weight(event: &Event<'_>) -> usize {
    let texts = [Some(event.issuer), event.words, event.reply];
    let texts: usize = texts.iter().flatten().map(|text| text.len()).sum();
    let parted: usize = event.document.iter().chain(&event.urls).map(|text| text.joined().len()).sum();
    texts + parted + event.counts.iter().map(|count| count.said.len() + count.source.len()).sum::<usize>()
}

/// A list without events says that nothing is on record.
fn on_record(content: Option<Content<'_>>) -> Option<Content<'_>> {
    content.filter(|content| content.events().is_none_or(|events| !events.is_empty()))
}

fn fingerprints<'b>(body: &'b RecordsBody<'_>) -> impl Iterator<Item = u64> + 'b {
    (0..body.keys()).filter_map(|at| body.fingerprint_at(at))
}

fn keys() -> impl Iterator<Item = Key> {
    KEYS.iter().map(|key| key.parse().expect("a key"))
}

/// The body of a pack without records.
fn empty(bucket_bits: u32) -> Vec<u8> {
    // A start has one bit. There is one of an event, and one of a string.
    let starts = ((1usize << bucket_bits) + 1).div_ceil(8) + 2;
    [&bucket_bits.to_le_bytes()[..], &[0; 24], &vec![0; starts]].concat()
}

/// A set with this body, when it has one that can be opened.
fn base(body: &[u8]) -> Option<RecordSet> {
    let pack = pack(header(PackKind::Records, body), body).expect("a truthful header");
    RecordSet::new(pack).ok()
}

/// Around a body, a header that tells the truth about it.
pub(crate) fn header(kind: PackKind, body: &[u8]) -> Header {
    Header {
        kind,
        shard_digits: 0,
        shard: 0,
        key: KeyId([7; 8]),
        sequence: 1,
        created: 1_790_000_000,
        expires: 1_800_000_000,
        body_bytes: body.len() as u64,
        layout: RECORDS_LAYOUT,
        set: SetName::new("public").expect("a name"),
        body_hash: body_hash(body),
    }
}

/// A pack past its signature, which no fuzzer can write; `None` where its sequence alone is refused.
pub(crate) fn pack(header: Header, body: &[u8]) -> Option<Pack<Vec<u8>>> {
    let sealed = || {
        let bytes = [&header.to_bytes()[..], &[0; 64], body].concat();
        Sealed::read(bytes, &trust(&header), &expected_of(&header), header.created)
    };
    match sealed() {
        Err(PackError::Sequence(_)) => return None,
        Err(PackError::TooLarge { .. }) => return None,
        other => drop(other.expect("nothing else is wrong")),
    }
    let sealed = || sealed().expect("the same pack");
    let seen = Seen { signature_fits: true, body_hash: body_hash(sealed().body_to_hash()) };
    let unsigned = Seen { signature_fits: false, ..seen };
    let mut other = seen;
    other.body_hash[0] ^= 1;
    assert_eq!(sealed().open(unsigned).err(), Some(PackError::Signature));
    assert_eq!(sealed().open(other).err(), Some(PackError::Hash));
    Some(sealed().open(seen).expect("signature and hash fit"))
}

fn trust(header: &Header) -> Trust {
    let (from, until) = (i64::MIN, i64::MAX);
    Trust(vec![TrustedKey { id: header.key, public: [1; 32], from, until, revoked: false, sets: vec![header.set] }])
}

fn expected(kind: PackKind, shard: Option<Shard>) -> Expected {
    Expected { kind, layout: RECORDS_LAYOUT, set: None, shard, in_use: None }
}

fn expected_of(header: &Header) -> Expected {
    let shard = Shard::new(header.shard_digits, header.shard);
    Expected { layout: header.layout, set: Some(header.set), ..expected(header.kind, Some(shard)) }
}
