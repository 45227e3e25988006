//! Packs: what is written is found again, and what The Update Framework lists as attacks on updates is repelled, each by
//! an error of its own, with the old pack still in use.

use ed25519_dalek::{Signer, SigningKey};
use proptest::prelude::*;

use super::*;
use crate::record::{Count, Event, Key, Matter, Status};

const NOW: i64 = 1_790_000_000;
const DAY: i64 = 86_400;

fn event(day: u32, issuer: &str) -> Event<'_> {
    Event {
        case: 0,
        matter: Matter::Safety,
        status: Status::WithdrawalOrdered,
        day: Some(day),
        from: None,
        to: None,
        issuer,
        document: Some("Số 12/QĐ".into()),
        words: None,
        reply: None,
        urls: vec!["https://office.example/decisions/12".into()],
        counts: vec![Count { said: "40 hộp", source: "An office" }],
        verified: true,
    }
}

fn subject<'a>(keys: &[&str], events: Vec<Event<'a>>) -> Subject<'a> {
    Subject { keys: keys.iter().map(|key| key.parse().unwrap()).collect(), events }
}

fn name(set: &str) -> SetName {
    SetName::new(set).unwrap()
}

/// A key pair, its id and since when it is trusted.
fn signer(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn trusted(seed: u8) -> TrustedKey {
    let public = signer(seed).verifying_key().to_bytes();
    let sets = vec![name("public")];
    TrustedKey { id: key_id(&public), public, from: NOW - 300 * DAY, until: NOW + 300 * DAY, revoked: false, sets }
}

struct Maker {
    seed: u8,
    header: Header,
}

impl Maker {
    fn new(sequence: u64) -> Self {
        let header = Header {
            kind: PackKind::Records,
            shard_digits: 0,
            shard: 0,
            key: trusted(1).id,
            sequence,
            created: NOW - DAY,
            expires: NOW + 30 * DAY,
            body_bytes: 0,
            layout: RECORDS_LAYOUT,
            set: name("public"),
            body_hash: [0; 32],
        };
        Self { seed: 1, header }
    }

    fn with(mut self, change: impl FnOnce(&mut Header)) -> Self {
        change(&mut self.header);
        self
    }

    fn signed_by(mut self, seed: u8) -> Self {
        self.seed = seed;
        self.header.key = trusted(seed).id;
        self
    }

    fn pack(self, body: &[u8]) -> Vec<u8> {
        let header = Header { body_bytes: body.len() as u64, body_hash: body_hash(body), ..self.header };
        let signed = header.to_bytes();
        let signature = signer(self.seed).sign(&signed).to_bytes();
        [&signed[..], &signature, body].concat()
    }
}

fn body(day: u32) -> Vec<u8> {
    write_records(&[subject(&["shop:tiktok:7001"], vec![event(day, "An office")])], None).unwrap()
}

fn expected(kind: PackKind, in_use: Option<u64>) -> Expected {
    Expected { kind, layout: RECORDS_LAYOUT, set: Some(name("public")), shard: None, in_use }
}

fn trust() -> Trust {
    Trust(vec![trusted(1), trusted(2)])
}

/// The set in use: sequence 100.
fn in_use() -> RecordSet {
    let pack = Maker::new(100).pack(&body(100));
    let pack = Pack::verified(pack, &trust(), &expected(PackKind::Records, None), NOW).unwrap();
    RecordSet::new(pack).unwrap()
}

/// Offers a pack to a set in use as an update; gives the refusal's code.
fn offer(set: &mut RecordSet, bytes: Vec<u8>, trust: &Trust) -> Result<(), PackError> {
    let wanted = expected(PackKind::Records, Some(set.header().sequence));
    *set = RecordSet::new(Pack::verified(bytes, trust, &wanted, NOW)?)?;
    Ok(())
}

/// The update is refused with this code, and the old pack is still in use.
#[track_caller]
fn repelled(code: &str, bytes: Vec<u8>, trust: &Trust) {
    let mut set = in_use();
    let error = offer(&mut set, bytes, trust).unwrap_err();
    assert_eq!(error.code(), code, "{error}");
    assert!(error.to_string().starts_with(code));
    assert_eq!(set.header().sequence, 100);
    assert_eq!(set.find(&Key::shop("tiktok", "7001").unwrap()).unwrap()[0].day, Some(100));
}

#[test]
fn a_newer_pack_replaces_the_old_one() {
    let mut set = in_use();
    offer(&mut set, Maker::new(101).pack(&body(101)), &trust()).unwrap();
    assert_eq!(set.find(&Key::shop("tiktok", "7001").unwrap()).unwrap()[0].day, Some(101));
    // The same one once more is no attack.
    offer(&mut set, Maker::new(101).pack(&body(101)), &trust()).unwrap();
}

#[test]
fn arbitrary_packs() {
    repelled("pack.magic", b"<!doctype html><title>Login</title>".to_vec(), &trust());
    repelled("pack.truncated", Vec::new(), &trust());
    repelled("pack.signature", Maker { seed: 9, ..Maker::new(101) }.pack(&body(1)), &trust());
    repelled("pack.body", Maker::new(101).pack(&[7; 300]), &trust());
}

#[test]
fn endless_data() {
    let endless = Maker::new(101).with(|_| ()).pack(&body(1));
    let mut header = Header::read(&endless).unwrap();
    header.body_bytes = u64::MAX - 10;
    let bytes = [&header.to_bytes()[..], &[0; 64], &[0; 1000]].concat();
    repelled("pack.too-large", bytes, &trust());
}

#[test]
fn extraneous_data() {
    let mut bytes = Maker::new(101).pack(&body(1));
    bytes.push(0);
    repelled("pack.trailing", bytes, &trust());
}

#[test]
fn truncated_data() {
    let bytes = Maker::new(101).pack(&body(1));
    for end in [4, 20, HEADER_BYTES - 1, HEADER_BYTES, bytes.len() - 1] {
        repelled("pack.truncated", bytes[..end].to_vec(), &trust());
    }
}

#[test]
fn fast_forward() {
    // A stolen key cannot use up all sequences: none is beyond the moment at which the pack was made.
    repelled("pack.sequence", Maker::new(u64::MAX).pack(&body(1)), &trust());
    repelled(
        "pack.sequence",
        Maker::new(NOW as u64).with(|header| header.created = NOW - DAY).pack(&body(1)),
        &trust(),
    );
    repelled("pack.future", Maker::new(101).with(|header| header.created = NOW + 3 * DAY).pack(&body(1)), &trust());
}

#[test]
fn freeze() {
    // Whoever keeps newer packs away can do so, but not unseen: the time of the one in use runs out.
    let set = in_use();
    assert!(!set.header().is_stale(NOW) && set.header().is_stale(NOW + 31 * DAY));
    assert!(set.find(&Key::shop("tiktok", "7001").unwrap()).is_some());
}

#[test]
fn rollback() {
    repelled("pack.older", Maker::new(99).pack(&body(99)), &trust());
}

#[test]
fn mix_and_match() {
    // A header with another pack's body, another set, another part, another kind.
    let (one, other) = (Maker::new(101).pack(&body(1)), Maker::new(102).pack(&body(2)));
    assert_eq!(one.len(), other.len());
    repelled("pack.hash", [&one[..HEADER_BYTES], &other[HEADER_BYTES..]].concat(), &trust());
    repelled("pack.set", Maker::new(101).with(|header| header.set = name("invented")).pack(&body(1)), &trust());
    repelled("pack.set", Maker::new(101).with(|header| header.shard_digits = 3).pack(&body(1)), &trust());
    repelled("pack.kind", Maker::new(101).with(|header| header.kind = PackKind::Knowledge).pack(&body(1)), &trust());
    repelled("pack.kind", Maker::new(101).with(|header| header.kind = PackKind::Delta).pack(&body(1)), &trust());
    repelled("pack.layout", Maker::new(101).with(|header| header.layout = RECORDS_LAYOUT + 1).pack(&body(1)), &trust());
}

#[test]
fn wrong_and_revoked_keys() {
    repelled("pack.key-unknown", Maker::new(101).signed_by(3).pack(&body(1)), &trust());
    let revoked = Trust(vec![TrustedKey { revoked: true, ..trusted(1) }, trusted(2)]);
    repelled("pack.key-revoked", Maker::new(101).pack(&body(1)), &revoked);
    let other_sets = Trust(vec![TrustedKey { sets: vec![name("invented")], ..trusted(1) }]);
    repelled("pack.key-set", Maker::new(101).pack(&body(1)), &other_sets);
}

#[test]
fn keys_follow_one_another_with_an_overlap() {
    let old = TrustedKey { until: NOW - 10 * DAY, ..trusted(1) };
    let new = TrustedKey { from: NOW - 40 * DAY, ..trusted(2) };
    let trust = Trust(vec![old, new]);
    let made = |seed: u8, days_ago: i64| {
        let maker = Maker::new(101).signed_by(seed).with(|header| header.created = NOW - days_ago * DAY);
        offer(&mut in_use(), maker.pack(&body(1)), &trust).map_err(|error| error.code())
    };
    assert_eq!(made(1, 30), Ok(()));
    assert_eq!(made(2, 30), Ok(()));
    assert_eq!(made(1, 5), Err("pack.key-time"));
    assert_eq!(made(2, 50), Err("pack.key-time"));
}

#[test]
fn any_byte_that_is_changed_is_noticed() {
    let bytes = Maker::new(101).pack(&body(1));
    for at in 0..bytes.len() {
        let mut tampered = bytes.clone();
        tampered[at] ^= 0x10;
        let mut set = in_use();
        assert!(offer(&mut set, tampered, &trust()).is_err(), "byte {at}");
        assert_eq!(set.header().sequence, 100);
    }
}

#[test]
fn later_formats_say_so() {
    let mut bytes = Maker::new(101).pack(&body(1));
    bytes[8] = 2;
    repelled("pack.format", bytes, &trust());
}

fn delta_of(old: &Pack<Vec<u8>>, new: &[u8], sequence: u64) -> Vec<u8> {
    let changes = write_delta(&RecordsBody::open(old.body()).unwrap(), &RecordsBody::open(new).unwrap()).unwrap();
    let body = [&old.header().body_hash[..], &changes].concat();
    Maker::new(sequence).with(|header| header.kind = PackKind::Delta).pack(&body)
}

#[test]
fn a_delta_changes_only_the_pack_it_was_made_from() {
    let mut set = in_use();
    let new = write_records(
        &[
            subject(&["shop:tiktok:7001"], vec![event(5, "Another office")]),
            subject(&["product-name:Kẹo Tí Tách cam"], vec![event(6, "An office")]),
        ],
        None,
    )
    .unwrap();
    let delta = delta_of(set.base(), &new, 101);
    let wanted = expected(PackKind::Delta, Some(100));
    set.change(Pack::verified(delta.clone(), &trust(), &wanted, NOW).unwrap()).unwrap();
    assert_eq!(set.header().sequence, 101);
    assert_eq!(set.find(&Key::shop("tiktok", "7001").unwrap()).unwrap()[0].issuer, "Another office");
    assert_eq!(set.find_named("hop keo ti tach cam 40 vien").unwrap().1, "keo ti tach cam");

    let other = Maker::new(100).pack(&body(7));
    let other = Pack::verified(other, &trust(), &expected(PackKind::Records, None), NOW).unwrap();
    let mut other = RecordSet::new(other).unwrap();
    let error = other.change(Pack::verified(delta, &trust(), &wanted, NOW).unwrap()).unwrap_err();
    assert_eq!(error.code(), "pack.delta");
    assert_eq!(other.find(&Key::shop("tiktok", "7001").unwrap()).unwrap()[0].day, Some(7));
}

#[test]
fn names_are_found_in_titles_and_nowhere_else() {
    let named = |name: &str| format!("product-name:{name}");
    let body = write_records(
        &[
            subject(&[&named("Tí Tách"), &named("Tí Tách cam")], vec![event(1, "An office")]),
            subject(&[&named("Tí Tách chanh dây")], vec![event(2, "An office")]),
        ],
        None,
    )
    .unwrap();
    let pack = Pack::verified(Maker::new(1).pack(&body), &trust(), &expected(PackKind::Records, None), NOW).unwrap();
    let set = RecordSet::new(pack).unwrap();
    let found = |text: &str| set.find_named(text).map(|(events, name)| (events[0].day.unwrap(), name.to_owned()));
    assert_eq!(found("keo ti tach chanh day 40 vien"), Some((2, "ti tach chanh day".to_owned())));
    assert_eq!(found("ti tach cam"), Some((1, "ti tach cam".to_owned())));
    assert_eq!(found("ti tach chanh"), Some((1, "ti tach".to_owned())));
    assert_eq!(found("keo ti tac cam"), None);
    assert_eq!(found("tach ti"), None);
    assert_eq!(found(""), None);
}

#[test]
fn two_subjects_cannot_share_a_name() {
    let twice = [subject(&["brand:Sóc Nâu"], vec![]), subject(&["brand:soc nau"], vec![])];
    assert!(matches!(write_records(&twice, None), Err(WriteError::Twice(_))));
}

#[test]
fn parts_hold_every_key_once() {
    let subjects: Vec<Subject<'_>> =
        (0..600).map(|id| subject(&[&format!("shop:tiktok:{id}")], vec![event(id, "An office")])).collect();
    let mut found = 0;
    for shard in Shard::all(1) {
        let body = write_records(&subjects, Some(shard)).unwrap();
        let body = RecordsBody::open(&body).unwrap();
        for key in subjects.iter().flat_map(|subject| &subject.keys) {
            let there = body.content(key.fingerprint()).is_some();
            assert_eq!(there, Shard::of(key, 1) == shard);
            found += usize::from(there);
        }
    }
    assert_eq!(found, 600);
}

/// Subjects by number: each with a name and events.
fn any_records() -> impl Strategy<Value = Vec<(u16, Vec<(u32, u8)>)>> {
    let events = prop::collection::vec((0u32..30_000, 0u8..4), 1..4);
    prop::collection::btree_map(0u16..80, events, 0..40).prop_map(|subjects| subjects.into_iter().collect())
}

const ISSUERS: [&str; 4] = ["An office", "Sở Y tế Gió", "Cục Quản lý Mây", ""];

fn subjects(records: &[(u16, Vec<(u32, u8)>)]) -> Vec<Subject<'static>> {
    let events =
        |list: &[(u32, u8)]| list.iter().map(|(day, issuer)| event(*day, ISSUERS[usize::from(*issuer)])).collect();
    records.iter().map(|(id, list)| subject(&[&format!("product:shopee:{id}")], events(list))).collect()
}

proptest! {
    #[test]
    fn what_is_written_is_found(records in any_records(), turn in 0usize..40) {
        let subjects = subjects(&records);
        let written = write_records(&subjects, None).unwrap();
        let mut turned = subjects.clone();
        turned.rotate_left(turn.min(subjects.len()));
        turned.iter_mut().for_each(|subject| subject.events.reverse());
        prop_assert_eq!(&write_records(&turned, None).unwrap(), &written);
        let body = RecordsBody::open(&written).unwrap();
        for id in 0u16..80 {
            let key = Key::product("shopee", &id.to_string()).unwrap();
            let found = body.content(key.fingerprint());
            let mut known = subjects.iter().find(|subject| subject.keys[0] == key).map(|it| it.events.clone());
            known.iter_mut().for_each(|events| { events.sort(); events.dedup(); });
            prop_assert_eq!(found.and_then(|found| found.events().cloned()), known);
        }
    }

    #[test]
    fn a_delta_leads_to_the_same_answers(old in any_records(), new in any_records()) {
        let (was, is) = (write_records(&subjects(&old), None).unwrap(), write_records(&subjects(&new), None).unwrap());
        let wanted = expected(PackKind::Records, None);
        let pack = |body: &[u8]| Pack::verified(Maker::new(1).pack(body), &trust(), &wanted, NOW).unwrap();
        let mut changed = RecordSet::new(pack(&was)).unwrap();
        let delta = delta_of(changed.base(), &is, 2);
        let delta = Pack::verified(delta, &trust(), &expected(PackKind::Delta, Some(1)), NOW).unwrap();
        changed.change(delta).unwrap();
        let whole = RecordSet::new(pack(&is)).unwrap();
        for id in 0u16..80 {
            let key = Key::product("shopee", &id.to_string()).unwrap();
            prop_assert_eq!(changed.find(&key), whole.find(&key));
        }
    }

    #[test]
    fn hostile_bodies_are_survived(mut bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0usize..400, byte: u8) {
        let _ = RecordsBody::open(&bytes).map(|body| body.check());
        let _ = Header::read(&bytes);
        bytes = body(3);
        if let Some(slot) = bytes.get_mut(at) {
            *slot = byte;
        }
        if let Ok(body) = RecordsBody::open(&bytes) {
            let _ = body.check();
            let _ = body.content(Key::shop("tiktok", "7001").unwrap().fingerprint());
            (0..body.keys().min(1000)).for_each(|at| drop((body.content_at(at), body.fingerprint_at(at))));
        }
    }
}

/// Forty names in eight buckets.
fn forty() -> Vec<u8> {
    let subjects: Vec<Subject<'_>> =
        (0..40).map(|id| subject(&[&format!("shop:tiktok:{id}")], vec![event(id, "An office")])).collect();
    let body = write_records(&subjects, None).unwrap();
    assert_eq!(RecordsBody::open(&body).unwrap().bucket_bits(), 3);
    body
}

/// Fingerprints and references.
type Keys = Vec<(u64, u64)>;

/// The keys of the forty, behind seven bytes of starts: 48 bits of a fingerprint, 12 of a reference.
fn keys_of_forty(body: &[u8]) -> Keys {
    let keys = cursor::List::new(35, 60, 40);
    let part = |at, from, width| keys.part(body, at, from, width).unwrap();
    (0..40).map(|at| (part(at, 0, 48), part(at, 48, 12))).collect()
}

fn put_keys(body: &mut [u8], keys: &[(u64, u64)]) {
    let mut bytes = Vec::new();
    write::put_list(&mut bytes, keys.iter().flat_map(|(print, reference)| [(*print, 48), (*reference, 12)]));
    body[35..335].copy_from_slice(&bytes);
}

#[test]
fn a_name_that_would_not_be_found_is_refused() {
    let body = forty();
    let checked = |change: &dyn Fn(&mut Keys)| {
        let (mut body, mut keys) = (body.clone(), keys_of_forty(&body));
        change(&mut keys);
        put_keys(&mut body, &keys);
        RecordsBody::open(&body).unwrap().check()
    };
    assert_eq!(checked(&|_| ()), Ok(()));
    assert_eq!(checked(&|keys| keys[1].0 = keys[0].0), Err(PackError::Body("names out of order")));
    assert_eq!(checked(&|keys| keys.swap(0, 1)), Err(PackError::Body("names out of order")));
    assert_eq!(checked(&|keys| keys[7].1 = 40 + 2047), Ok(()));
    assert_eq!(checked(&|keys| keys[7].1 = 40 + 2048), Err(PackError::Body("a key that leads to nothing")));
    let mut in_no_bucket = body.clone();
    in_no_bucket[28] |= 1;
    let in_no_bucket = RecordsBody::open(&in_no_bucket).unwrap().check();
    assert_eq!(in_no_bucket, Err(PackError::Body("starts out of order")));
}

#[test]
fn what_a_lookup_gives_has_a_limit() {
    let many = vec![subject(&["brand:Sóc Nâu"], (0..5000).map(|day| event(day, "An office")).collect())];
    assert_eq!(write_records(&many, None).unwrap_err(), WriteError::TooHeavy);
    // Steps that lead to the same event again and again; the last one says whether another follows.
    let key = Key::brand("Sóc Nâu").unwrap();
    let hostile = |times: u32, goes_on: bool| {
        let mut body = Vec::new();
        let mut put = |list: &[(u64, usize)]| write::put_list(&mut body, list.iter().copied());
        put(&[0, 1, times, 1, 0, 4, 0].map(|count| (u64::from(count), 32)));
        put(&[(0, 1), (1, 1)]);
        put(&[(key.fingerprint() >> 16, 48), (1, cursor::width_of(1 + times as usize + 2047))]);
        put(&(1..=times).map(|at| (u64::from(at < times || goes_on), 10)).collect::<Vec<_>>());
        put(&[(0, 3), (4, 3)]);
        put(&[(0, 1)]);
        put(&[(0, 32)]);
        body
    };
    let light = hostile(10, false);
    let light = RecordsBody::open(&light).unwrap();
    assert_eq!((light.check(), light.find(&key).unwrap().len()), (Ok(()), 10));
    for wrong in [hostile(10_000, false), hostile(10, true)] {
        let wrong = RecordsBody::open(&wrong).unwrap();
        assert_eq!(wrong.check(), Err(PackError::Body("steps that cannot be read")));
        assert_eq!(wrong.find(&key), None);
    }
}

#[test]
fn an_event_in_several_cases_is_kept_once() {
    let of_case = |case| Event { case, ..event(7, "An office") };
    let [first, second] = ["brand:Sóc Nâu", "brand:Tí Tách"];
    let written =
        write_records(&[subject(&[first], vec![of_case(3), of_case(0)]), subject(&[second], vec![of_case(255)])], None);
    let written = written.unwrap();
    let body = RecordsBody::open(&written).unwrap();
    assert_eq!(body.events(), 1);
    assert_eq!(body.find(&first.parse().unwrap()), Some(vec![of_case(0), of_case(3)]));
    assert_eq!(body.find(&second.parse().unwrap()), Some(vec![of_case(255)]));
}

#[test]
fn a_delta_keeps_enough_to_tell_its_names_from_the_others() {
    let mut old = forty();
    let mut keys = keys_of_forty(&old);
    // The second name differs from the first in bits alone that a pack of one name does not keep.
    keys[0].0 &= !7;
    keys[1].0 = keys[0].0 | 1;
    put_keys(&mut old, &keys);
    let opened = RecordsBody::open(&old).unwrap();
    opened.check().unwrap();
    let prints = [0, 1].map(|at| opened.fingerprint_at(at).unwrap());
    let mut new = old.clone();
    keys[0].1 = keys[2].1;
    put_keys(&mut new, &keys);
    let is = RecordsBody::open(&new).unwrap();
    assert_eq!(changes(&opened, &is).unwrap().len(), 1);

    let verified = |pack: Vec<u8>, kind| Pack::verified(pack, &trust(), &expected(kind, None), NOW).unwrap();
    let mut set = RecordSet::new(verified(Maker::new(1).pack(&old), PackKind::Records)).unwrap();
    let delta = delta_of(set.base(), &new, 2);
    set.change(verified(delta, PackKind::Delta)).unwrap();
    for print in prints {
        assert_eq!(set.content(print), is.content(print));
    }
}

#[test]
fn trusted_keys_are_called_by_their_hash() {
    for key in Trust::built_in().0 {
        assert_eq!(key.id, key_id(&key.public));
        assert!(key.from < key.until && !key.sets.is_empty());
    }
}
