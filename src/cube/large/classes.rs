//! Tables from the numbers of a column to small classes: atoms of an axis or bins of a measure. A numeric kernel: it indexes
//! its own table with numbers that it compared with its length.
#![allow(clippy::indexing_slicing)]

use std::sync::Arc;

use super::column::Field;
use super::domain::{Domain, Key};

/// What a number is that the column cannot hold.
pub(super) const BAD: u16 = u16::MAX;

/// Longer tables are replaced by a search.
const LONGEST: i64 = 1 << 22;

/// The class of every number that a column may hold.
pub(super) struct Classes {
    /// The number that the table begins with.
    lowest: Key,
    table: Vec<u16>,
    /// Used instead of a table where the numbers spread too far.
    search: Option<Box<dyn Fn(Key) -> u16 + Send + Sync>>,
    null: u16,
}

impl Classes {
    /// `class` sorts what the domain reads; it is asked once per number where that is possible.
    pub(super) fn new(
        domain: Arc<Domain>,
        class: impl Fn(Option<i64>) -> Option<u16> + Send + Sync + 'static,
    ) -> Self {
        let null = class(domain.of_null()).unwrap_or(BAD);
        let limits = domain.limits().filter(|(low, high)| high.saturating_sub(*low) < LONGEST);
        let keys = domain.candidates();
        let of_key = move |key: Key| domain.of_key(key).and_then(&class).unwrap_or(BAD);
        let Some((lowest, highest)) = limits else {
            return Self { lowest: 0, table: Vec::new(), search: Some(Box::new(of_key)), null };
        };
        let table = match keys {
            None => (lowest..=highest).map(of_key).collect(),
            Some(keys) => {
                let mut table = vec![BAD; (highest - lowest + 1) as usize];
                for key in keys.into_iter().filter(|key| (lowest..=highest).contains(key)) {
                    table[(key - lowest) as usize] = of_key(key);
                }
                table
            }
        };
        Self { lowest, table, search: None, null }
    }

    #[inline]
    pub(super) fn of_field(&self, field: Field) -> u16 {
        match field {
            Field::Empty => self.null,
            Field::Bad => BAD,
            Field::Number(key) => self.of_key(key),
        }
    }

    /// The classes of the numbers from a lowest one on, and of an empty field; nothing where numbers spread too far for a table.
    pub(super) fn table(&self) -> Option<(&[u16], Key, u16)> {
        self.search.is_none().then_some((self.table.as_slice(), self.lowest, self.null))
    }

    #[inline]
    fn of_key(&self, key: Key) -> u16 {
        let place = key.wrapping_sub(self.lowest) as u64;
        if place < self.table.len() as u64 {
            self.table[place as usize]
        } else {
            self.search.as_ref().map_or(BAD, |search| search(key))
        }
    }
}
