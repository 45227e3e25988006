//! Record files: what they are refused for, and where a pack has what they say.

use soi_registry::records::{RecordError, RecordFile};

fn line_of(text: &str) -> usize {
    match RecordFile::parse("product/one.toml", text) {
        Err(RecordError::Line { line, .. }) => line,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_missing_at_the_end_is_missing_in_the_last_line() {
    assert_eq!(line_of("recorded = 2026-11-24\nname = '''\n"), 2);
    assert_eq!(line_of("recorded = 2026-11-24\nname = \n"), 2);
    assert_eq!(line_of(""), 1);
}

