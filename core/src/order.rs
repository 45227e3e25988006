//! Lists that are kept in order. They are short, and every use of a sorting algorithm is a copy of it in the module.

use std::cmp::Ordering;

/// Puts an item behind those that are not greater.
pub(crate) fn insert<T>(sorted: &mut Vec<T>, item: T, compare: impl Fn(&T, &T) -> Ordering) {
    let at = sorted.partition_point(|known| compare(known, &item) != Ordering::Greater);
    sorted.insert(at, item);
}

/// A list put in order.
pub(crate) fn ordered<T>(items: impl IntoIterator<Item = T>, compare: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let mut sorted = Vec::new();
    for item in items {
        insert(&mut sorted, item, &compare);
    }
    sorted
}
