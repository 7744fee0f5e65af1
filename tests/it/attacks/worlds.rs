//! What a patient reader can work out: every whole-number world that fits what is printed, found by trying.

use super::{Counts, Square};

/// Between which whole numbers, both included, a place must lie.
type Bounds = (i64, i64);

/// More than any number of these registers.
const MANY: i64 = 10_000;

/// Places of which some are printed, and which of them add up to which.
#[derive(Clone)]
pub(super) struct Worlds {
    bounds: Vec<Bounds>,
    sums: Vec<(usize, Vec<usize>)>,
}

impl Worlds {
    /// Places as printed; one that is not is at least `least`.
    pub(super) fn new(printed: impl IntoIterator<Item = Option<i64>>, least: i64) -> Self {
        let bounds = |number: Option<i64>| number.map_or((least, MANY), |number| (number, number));
        Self { bounds: printed.into_iter().map(bounds).collect(), sums: Vec::new() }
    }

    /// The places of a table, row by row; totals stand last in both directions.
    pub(super) fn of_square(table: &[Counts], least: i64) -> Self {
        let (rows, columns) = (table.len(), table.first().map_or(0, Vec::len));
        let mut worlds = Self::new(table.iter().flatten().copied(), least);
        for row in 0..rows {
            worlds.add_up((0..columns).map(|column| row * columns + column).collect());
        }
        for column in 0..columns {
            worlds.add_up((0..rows).map(|row| row * columns + column).collect());
        }
        worlds
    }

    /// States that the last of these places is the sum of the others.
    pub(super) fn add_up(&mut self, mut places: Vec<usize>) {
        let whole = places.pop().unwrap();
        self.sums.push((whole, places));
    }

    /// States that a place lies between two numbers.
    pub(super) fn limit(&mut self, place: usize, least: i64, most: i64) {
        narrow(&mut self.bounds[place], (least, most));
    }

    /// One world that fits, if there is any.
    pub(super) fn any(&self) -> Option<Vec<i64>> {
        let mut here = self.clone();
        if !here.tighten() {
            return None;
        }
        let open = here.bounds.iter().enumerate().filter(|(_, (least, most))| least < most);
        let narrowest =
            open.min_by_key(|(_, (least, most))| most - least).map(|(place, bounds)| (place, *bounds));
        match narrowest {
            Some((place, (least, most))) => {
                (least..=most).find_map(|number| here.with(place, number, number))
            }
            None => Some(here.bounds.into_iter().map(|(number, _)| number).collect()),
        }
    }

    /// The only number that a place can be.
    pub(super) fn only_number(&self, place: usize) -> Option<i64> {
        let number = self.any()?[place];
        let other = self.with(place, number + 1, MANY).or_else(|| self.with(place, -MANY, number - 1));
        other.is_none().then_some(number)
    }

    /// The numbers of these places that have no other choice.
    pub(super) fn known(&self, places: impl IntoIterator<Item = usize>) -> Vec<i64> {
        places.into_iter().filter_map(|place| self.only_number(place)).collect()
    }

    fn with(&self, place: usize, least: i64, most: i64) -> Option<Vec<i64>> {
        let mut told = self.clone();
        told.limit(place, least, most);
        told.any()
    }

    /// Narrows every place by the others of its sums until nothing changes; whether a choice is left for each.
    fn tighten(&mut self) -> bool {
        let mut changed = true;
        while changed {
            changed = false;
            for (whole, parts) in &self.sums {
                let (least, most) = parts.iter().fold((0, 0), |(least, most), part| {
                    (least + self.bounds[*part].0, most + self.bounds[*part].1)
                });
                changed |= narrow(&mut self.bounds[*whole], (least, most));
                let all = self.bounds[*whole];
                for part in parts {
                    let own = self.bounds[*part];
                    let left = (all.0 - (most - own.1), all.1 - (least - own.0));
                    changed |= narrow(&mut self.bounds[*part], left);
                }
            }
            if self.bounds.iter().any(|(least, most)| least > most) {
                return false;
            }
        }
        true
    }
}

fn narrow(bounds: &mut Bounds, to: Bounds) -> bool {
    let before = *bounds;
    *bounds = (before.0.max(to.0), before.1.min(to.1));
    *bounds != before
}

/// The hidden places of a table, row by row.
pub(super) fn holes(table: &[Counts]) -> Vec<usize> {
    let places = table.iter().flatten().enumerate();
    places.filter(|(_, number)| number.is_none()).map(|(place, _)| place).collect()
}

#[test]
fn what_has_no_choice_is_found_and_what_has_is_not() {
    let table: Square = vec![
        vec![None, None, Some(7), Some(9)],
        vec![None, None, Some(5), Some(8)],
        vec![Some(4), Some(1), Some(12), Some(17)],
    ];
    assert_eq!(Worlds::of_square(&table, 0).known(holes(&table)), Vec::<i64>::new());
    let mut sum = Worlds::new([None, None, Some(2)], 1);
    sum.add_up(vec![0, 1, 2]);
    assert_eq!(sum.known([0, 1]), [1, 1]);
    sum.limit(0, 2, 2);
    assert!(sum.any().is_none());
}
