//! Atoms of an axis: its values, sorted into classes of which every region of the axis holds all or none.

use std::collections::HashMap;

use crate::cohort::Region;

/// Classes of the values of one axis, numbered from 0.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Atoms {
    /// The first value of each stretch of values in one class, ascending from the lowest number there is.
    starts: Vec<(i64, u16)>,
    missing: u16,
    /// One value of each class, or missing.
    representatives: Vec<Option<i64>>,
}

impl Atoms {
    /// More classes than this make no table.
    const MOST: usize = u16::MAX as usize - 1;

    /// Sorts all whole numbers, and missing, by the regions that they lie in; nothing where there are too many classes.
    pub(super) fn of(regions: &[Region]) -> Option<Self> {
        let ranges = regions.iter().flat_map(Region::ranges);
        let edges = ranges.flat_map(|(first, last)| [Some(*first), last.checked_add(1)]).flatten();
        let mut edges: Vec<i64> = edges.chain([i64::MIN]).collect();
        edges.sort_unstable();
        edges.dedup();
        let mut known: HashMap<Vec<bool>, u16> = HashMap::new();
        let mut representatives = Vec::new();
        let mut class_of = |value: Option<i64>| {
            let inside: Vec<bool> = regions.iter().map(|region| region.contains(value)).collect();
            *known.entry(inside).or_insert_with(|| {
                representatives.push(value);
                (representatives.len() - 1).min(Self::MOST) as u16
            })
        };
        let starts = edges.into_iter().map(|edge| (edge, class_of(Some(edge)))).collect();
        let missing = class_of(None);
        (representatives.len() <= Self::MOST).then_some(Self { starts, missing, representatives })
    }

    /// How many classes there are.
    pub(super) fn len(&self) -> usize {
        self.representatives.len()
    }

    pub(super) fn of_value(&self, value: Option<i64>) -> u16 {
        let Some(value) = value else { return self.missing };
        let after = self.starts.partition_point(|(start, _)| *start <= value);
        after.checked_sub(1).and_then(|at| self.starts.get(at)).map_or(self.missing, |(_, class)| *class)
    }

    /// A value that lies in the same regions as all others of its class.
    pub(super) fn representative(&self, class: u16) -> Option<i64> {
        self.representatives.get(usize::from(class)).copied().flatten()
    }

    /// Where the class of values may change.
    pub(super) fn edges(&self) -> impl Iterator<Item = i64> {
        self.starts.iter().map(|(start, _)| *start)
    }

    /// Whether a region holds all or none of the values of every class.
    pub(super) fn tell(&self, region: &Region) -> bool {
        let is_start = |value: i64| self.starts.binary_search_by_key(&value, |(start, _)| *start).is_ok();
        let is_cut =
            |(first, last): &(i64, i64)| is_start(*first) && last.checked_add(1).is_none_or(is_start);
        let values = self.starts.iter().map(|(start, class)| (Some(*start), *class));
        region.ranges().iter().all(is_cut)
            && values
                .chain([(None, self.missing)])
                .all(|(value, class)| region.contains(value) == region.contains(self.representative(class)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_one_class_lie_in_the_same_regions_and_no_two_classes_do() {
        let regions = [
            Region::range(0, 9),
            Region::range(5, 20),
            Region::codes([2, 30]),
            Region::missing().union(&Region::codes([7])),
        ];
        let atoms = Atoms::of(&regions).unwrap();
        let inside = |value| regions.iter().map(|region| region.contains(value)).collect::<Vec<_>>();
        let values: Vec<Option<i64>> =
            (-5..40).map(Some).chain([None, Some(i64::MIN), Some(i64::MAX)]).collect();
        for one in &values {
            assert_eq!(inside(*one), inside(atoms.representative(atoms.of_value(*one))));
            for other in &values {
                let alike = atoms.of_value(*one) == atoms.of_value(*other);
                assert_eq!(alike, inside(*one) == inside(*other), "{one:?} {other:?}");
            }
        }
        for (one, other) in regions.iter().zip(regions.iter().rev()) {
            assert!(atoms.tell(&one.union(other)) && atoms.tell(&one.without(other)));
        }
        assert!(atoms.tell(&Region::everything()) && atoms.tell(&Region::default()));
        for unknown in [Region::codes([3]), Region::range(0, 8), Region::range(21, 25)] {
            assert!(!atoms.tell(&unknown), "{unknown:?}");
        }
    }

    #[test]
    fn an_axis_without_regions_has_one_class() {
        let atoms = Atoms::of(&[]).unwrap();
        assert_eq!((atoms.len(), atoms.of_value(Some(3)), atoms.of_value(None)), (1, 0, 0));
    }
}
