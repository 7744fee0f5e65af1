//! Tables from the numbers of a column to small classes: atoms of an axis or bins of a measure. A numeric kernel: it indexes
//! its own table with numbers that it compared with its length.
#![allow(clippy::indexing_slicing)]

use std::sync::{Arc, OnceLock};

use super::column::Field;
use super::domain::{Domain, Key, key_of_real};

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
    keys_per_unit: Key,
    /// By number instead of key, made when a column of such numbers comes.
    shorts: OnceLock<Box<Shorts>>,
}

/// The class of every number of sixteen bits.
pub(super) type Shorts = [u16; 1 << u16::BITS];

impl Classes {
    /// `class` sorts what the domain reads; it is asked once per number where that is possible.
    pub(super) fn new(
        domain: Arc<Domain>,
        class: impl Fn(Option<i64>) -> Option<u16> + Send + Sync + 'static,
    ) -> Self {
        let null = class(domain.of_null()).unwrap_or(BAD);
        let limits = domain.limits().filter(|(low, high)| high.saturating_sub(*low) < LONGEST);
        let keys = domain.candidates();
        let keys_per_unit = domain.keys_per_unit();
        let shorts = OnceLock::new();
        let of_key = move |key: Key| domain.of_key(key).and_then(&class).unwrap_or(BAD);
        let Some((lowest, highest)) = limits else {
            let search = Some(Box::new(of_key) as Box<_>);
            return Self { lowest: 0, table: Vec::new(), search, null, keys_per_unit, shorts };
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
        Self { lowest, table, search: None, null, keys_per_unit, shorts }
    }

    #[inline]
    pub(super) fn of_field(&self, field: Field) -> u16 {
        match field {
            Field::Empty => self.null,
            Field::Bad => BAD,
            Field::Number(key) => self.of_key(key),
        }
    }

    /// Whether numbers are looked up in a table.
    pub(super) fn has_table(&self) -> bool {
        self.search.is_none()
    }

    pub(super) fn of_empty(&self) -> u16 {
        self.null
    }

    /// The classes of small numbers, by their bits.
    pub(super) fn of_shorts(&self) -> &Shorts {
        self.shorts.get_or_init(|| {
            let mut shorts = Box::new([BAD; 1 << u16::BITS]);
            for number in i16::MIN..=i16::MAX {
                shorts[usize::from(number as u16)] = self.of_integer(number.into());
            }
            shorts
        })
    }

    /// The class of a number in whole units.
    #[inline]
    pub(super) fn of_integer(&self, number: i32) -> u16 {
        // A number far from those of the table stays so: the keys of a unit are few.
        self.of_key(Key::from(number) * self.keys_per_unit)
    }

    /// The class of a float, which is an empty field where it is not a number.
    pub(super) fn of_reals(&self) -> impl Fn(f64) -> u16 {
        let (table, lowest, keys_per_unit) = (self.table.as_slice(), self.lowest, self.keys_per_unit);
        move |number| match key_of_real(number, keys_per_unit) {
            Some(key) => table.get(key.wrapping_sub(lowest) as usize).copied().unwrap_or(BAD),
            None if number.is_nan() => self.null,
            None => BAD,
        }
    }

    #[inline]
    pub(super) fn of_key(&self, key: Key) -> u16 {
        let place = key.wrapping_sub(self.lowest) as u64;
        if place < self.table.len() as u64 {
            self.table[place as usize]
        } else {
            self.search.as_ref().map_or(BAD, |search| search(key))
        }
    }
}
