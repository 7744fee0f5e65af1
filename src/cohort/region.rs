//! A set of values of one variable: ranges of whole numbers, and perhaps "missing".

use serde::{Deserialize, Serialize};

use crate::schema::Date;

/// Disjoint, sorted, non-touching inclusive ranges. Every grouping of every variable (levels, age bands, periods, in or
/// out of a filter) is a `Region`, which is what makes groupings of different tables comparable.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Region {
    ranges: Vec<(i64, i64)>,
    missing: bool,
}

impl Region {
    pub(crate) fn codes(codes: impl IntoIterator<Item = i64>) -> Self {
        Self::from_ranges(codes.into_iter().map(|code| (code, code)).collect(), false)
    }

    pub(crate) fn range(first: i64, last: i64) -> Self {
        Self::from_ranges(vec![(first, last)], false)
    }

    pub(crate) fn missing() -> Self {
        Self::from_ranges(Vec::new(), true)
    }

    /// Every value and missing: the region of a variable that a cell says nothing about.
    pub(crate) fn everything() -> Self {
        Self::from_ranges(vec![(i64::MIN, i64::MAX)], true)
    }

    fn from_ranges(mut ranges: Vec<(i64, i64)>, missing: bool) -> Self {
        ranges.retain(|(first, last)| first <= last);
        ranges.sort_unstable();
        let mut joined: Vec<(i64, i64)> = Vec::with_capacity(ranges.len());
        for (first, last) in ranges {
            match joined.last_mut() {
                Some((_, end)) if first <= end.saturating_add(1) => *end = (*end).max(last),
                _ => joined.push((first, last)),
            }
        }
        Self { ranges: joined, missing }
    }

    pub(crate) fn contains(&self, value: Option<i64>) -> bool {
        match value {
            None => self.missing,
            Some(value) => self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&value)),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ranges.is_empty() && !self.missing
    }

    pub(crate) fn is_everything(&self) -> bool {
        self.missing && self.ranges == [(i64::MIN, i64::MAX)]
    }

    /// Holds nothing but "missing": those who did not answer.
    pub(crate) fn is_only_missing(&self) -> bool {
        self.ranges.is_empty() && self.missing
    }

    pub(crate) fn union(&self, other: &Self) -> Self {
        let ranges = self.ranges.iter().chain(&other.ranges).copied().collect();
        Self::from_ranges(ranges, self.missing || other.missing)
    }

    pub(crate) fn intersection(&self, other: &Self) -> Self {
        let mut ranges = Vec::new();
        for (first, last) in &self.ranges {
            for (begin, end) in &other.ranges {
                ranges.push((*first.max(begin), *last.min(end)));
            }
        }
        Self::from_ranges(ranges, self.missing && other.missing)
    }

    pub(crate) fn without(&self, other: &Self) -> Self {
        self.intersection(&other.complement())
    }

    pub(crate) fn is_within(&self, other: &Self) -> bool {
        self.without(other).is_empty()
    }

    pub(crate) fn meets(&self, other: &Self) -> bool {
        !self.intersection(other).is_empty()
    }

    /// Disjoint inclusive ranges, in order.
    pub(crate) fn ranges(&self) -> &[(i64, i64)] {
        &self.ranges
    }

    /// First and last day of a region of days.
    pub(crate) fn span(&self) -> Option<(Date, Date)> {
        let day = |days: i64| i32::try_from(days).ok().and_then(Date::from_days);
        let (first, last) = self.ranges.first().zip(self.ranges.last())?;
        day(first.0).zip(day(last.1))
    }

    fn complement(&self) -> Self {
        let mut ranges = Vec::with_capacity(self.ranges.len() + 1);
        let mut next = Some(i64::MIN);
        for (first, last) in &self.ranges {
            if let Some(start) = next
                && start < *first
            {
                ranges.push((start, first - 1));
            }
            next = last.checked_add(1);
        }
        if let Some(start) = next {
            ranges.push((start, i64::MAX));
        }
        Self::from_ranges(ranges, !self.missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_algebra_of_ranges() {
        let twenties = Region::range(20, 29);
        let adults = Region::range(18, 66);
        assert!(twenties.is_within(&adults));
        assert_eq!(adults.without(&twenties), Region::range(18, 19).union(&Region::range(30, 66)));
        assert_eq!(Region::codes([3, 1, 2]), Region::range(1, 3));
        assert!(!adults.contains(None));
        assert!(Region::everything().without(&Region::everything()).is_empty());
        assert!(Region::everything().without(&Region::range(0, 1)).contains(None));
        assert!(Region::missing().is_only_missing());
        assert!(!Region::codes([1]).meets(&Region::codes([2])));
    }
}
