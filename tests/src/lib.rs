//! The test harness: local pages in the shape of the real ones, a server that answers for their hosts,
//! and browsers that carry the release package.

pub mod browser;
pub mod case;
pub mod dates;
pub mod listing_case;
pub mod pages;
pub mod records;
pub mod server;
