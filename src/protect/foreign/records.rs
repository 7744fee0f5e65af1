//! Records behind a printed mean and standard deviation.

use std::fmt;

use super::printed_number::PrintedNumber;
use crate::error::Error;

/// The sets of records that fit what was printed.
#[derive(Clone, PartialEq, Eq)]
pub struct RecordSolutions {
    records: Vec<Vec<i64>>,
    is_complete: bool,
}

impl RecordSolutions {
    /// Each set of records, its values rising, in rising order. One set means that every record is known.
    pub fn records(&self) -> &[Vec<i64>] {
        &self.records
    }

    /// Whether these are all; otherwise there were more than were asked for, or the search was given up.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }
}

/// Only the type's name: single records are what must not be shown.
impl fmt::Debug for RecordSolutions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecordSolutions(..)")
    }
}

/// The most steps of a search.
const MOST_STEPS: u64 = 20_000_000;
/// The most records whose values are looked for.
const MOST_RECORDS: u64 = 500;
/// The greatest value of a scale, by which all sums stay exact.
const GREATEST: i64 = 1_000_000;

/// The sets of `n` values of a scale whose mean and standard deviation (with denominator n - 1) are printed like this, at
/// most so many; either neighbour counts for a number in the middle. All comparisons are made in whole numbers: with the sum
/// S and the sum of squares Q, the mean is S/n and the variance (nQ - S²)/(n(n - 1)).
///
/// ```
/// use registat::{PrintedNumber, record_solutions};
///
/// let scale: Vec<i64> = (0..=100).step_by(5).collect();
/// let (mean, sd) = (PrintedNumber::parse("62.50")?, PrintedNumber::parse("17.68")?);
/// let found = record_solutions(2, mean, sd, &scale, 10)?;
/// assert_eq!(found.records(), [[50, 75]]);
/// # Ok::<(), registat::Error>(())
/// ```
///
/// # Errors
/// When there are fewer than two records or too many, the scale is empty or too large, or `most` is 0.
pub fn record_solutions(
    n: u64,
    mean: PrintedNumber,
    sd: PrintedNumber,
    scale: &[i64],
    most: usize,
) -> Result<RecordSolutions, Error> {
    let mut values = scale.to_vec();
    values.sort_unstable();
    values.dedup();
    let (Some(lowest), Some(highest)) = (values.first().copied(), values.last().copied()) else {
        return Err(Error::policy("a scale has at least one value"));
    };
    if lowest < -GREATEST || highest > GREATEST {
        return Err(Error::policy("a scale has values that are too large to be checked"));
    }
    if !(2..=MOST_RECORDS).contains(&n) || most == 0 {
        return Err(Error::policy("records are looked for from two on, and at least one set of them"));
    }
    // Counted from the lowest value, so that none is negative: the spread stays what it is.
    let shifted: Vec<i128> = values.iter().map(|value| i128::from(*value) - i128::from(lowest)).collect();
    let mut search = Search {
        values: &shifted,
        target: Target::new(i128::from(n), i128::from(lowest), mean, sd),
        chosen: Vec::new(),
        found: Vec::new(),
        most,
        steps: 0,
    };
    let is_complete = search.extend(0, i128::from(n), 0, 0);
    let records = search
        .found
        .iter()
        .map(|places| places.iter().filter_map(|place| values.get(*place).copied()).collect())
        .collect();
    Ok(RecordSolutions { records, is_complete })
}

/// What the sums must be.
struct Target {
    n: i128,
    least_sum: i128,
    most_sum: i128,
    least_squares: i128,
    most_squares: i128,
    /// What the spread n·Q - S² lies between, once multiplied with the square of two units of the printed deviation.
    least_spread: i128,
    most_spread: i128,
    spread_unit: i128,
}

impl Target {
    fn new(n: i128, lowest: i128, mean: PrintedNumber, sd: PrintedNumber) -> Self {
        let (below, above) = mean.half_units();
        let unit = 2 * i128::from(mean.units_per_one());
        let least_sum = -(-i128::from(below) * n).div_euclid(unit) - n * lowest;
        let most_sum = (i128::from(above) * n).div_euclid(unit) - n * lowest;
        let (below, above) = sd.half_units();
        let square = |half_units: i64| i128::from(half_units.max(0)).pow(2) * n * (n - 1);
        let spread_unit = (2 * i128::from(sd.units_per_one())).pow(2);
        let (least_spread, most_spread) = (square(below), square(above));
        // n·Q is the spread plus the squared sum: bounds of Q whatever the sum is.
        let squared = |sum: i128| sum.max(0).pow(2);
        Self {
            n,
            least_sum,
            most_sum,
            least_squares: (least_spread.div_euclid(spread_unit) + squared(least_sum)).div_euclid(n),
            most_squares: (most_spread.div_euclid(spread_unit) + 1 + squared(most_sum)).div_euclid(n) + 1,
            least_spread,
            most_spread,
            spread_unit,
        }
    }

    fn is_met(&self, sum: i128, squares: i128) -> bool {
        let spread = (self.n * squares - sum * sum) * self.spread_unit;
        (self.least_sum..=self.most_sum).contains(&sum)
            && (self.least_spread..=self.most_spread).contains(&spread)
    }

    /// Whether more values, none below one and none above the other, could still meet the sums.
    fn is_within_reach(&self, left: i128, sum: i128, squares: i128, least: i128, most: i128) -> bool {
        let smallest = (self.least_sum - sum).max(left * least);
        let largest = (self.most_sum - sum).min(left * most);
        if smallest > largest {
            return false;
        }
        // Equal values have the smallest sum of squares; values at both ends the largest.
        let fewest_squares = smallest * smallest;
        let most_squares = (least + most) * largest - left * least * most;
        fewest_squares <= left * (self.most_squares - squares) && squares + most_squares >= self.least_squares
    }
}

struct Search<'s> {
    values: &'s [i128],
    target: Target,
    /// Places of the values chosen so far, never falling.
    chosen: Vec<usize>,
    found: Vec<Vec<usize>>,
    most: usize,
    steps: u64,
}

impl Search<'_> {
    /// Goes through all ways to choose so many more values from a place on; whether it came to the end.
    fn extend(&mut self, from: usize, left: i128, sum: i128, squares: i128) -> bool {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return false;
        }
        if left == 0 {
            if self.target.is_met(sum, squares) {
                if self.found.len() == self.most {
                    return false;
                }
                self.found.push(self.chosen.clone());
            }
            return true;
        }
        let values = self.values;
        let most = values.last().copied().unwrap_or_default();
        for (place, value) in values.iter().copied().enumerate().skip(from) {
            if self.target.is_within_reach(left, sum, squares, value, most) {
                self.chosen.push(place);
                let is_complete = self.extend(place, left - 1, sum + value, squares + value * value);
                self.chosen.pop();
                if !is_complete {
                    return false;
                }
            } else if sum + left * value > self.target.most_sum {
                break;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solutions(n: u64, mean: &str, sd: &str, scale: &[i64]) -> Vec<Vec<i64>> {
        let mean = PrintedNumber::parse(mean).unwrap();
        let found = record_solutions(n, mean, PrintedNumber::parse(sd).unwrap(), scale, 100_000).unwrap();
        assert!(found.is_complete());
        found.records().to_vec()
    }

    /// Mean and deviation of records as a program prints them.
    fn printed(records: &[i64]) -> (String, String) {
        let n = records.len() as f64;
        let mean = records.iter().sum::<i64>() as f64 / n;
        let squares: f64 = records.iter().map(|value| (*value as f64 - mean).powi(2)).sum();
        (format!("{mean:.1}"), format!("{:.1}", (squares / (n - 1.0)).sqrt()))
    }

    #[test]
    fn the_search_finds_what_trying_every_set_finds() {
        let scale = [-2, 0, 1, 4, 5, 7];
        let mut sets: Vec<Vec<i64>> = Vec::new();
        for a in 0..6 {
            for b in a..6 {
                for c in b..6 {
                    for d in c..6 {
                        sets.push([a, b, c, d].map(|place| scale[place]).to_vec());
                    }
                }
            }
        }
        for set in sets.iter().step_by(5) {
            let (mean, sd) = printed(set);
            let found = solutions(4, &mean, &sd, &scale);
            assert!(found.contains(set), "{set:?}");
            // A set printed otherwise is found only where a number lies in the middle, which 4 values can.
            let same = sets.iter().filter(|other| printed(other) == (mean.clone(), sd.clone()));
            assert!(same.clone().all(|other| found.contains(other)));
            assert!(found.len() <= 3 * same.count());
        }
    }

    #[test]
    fn equal_records_have_no_spread_and_impossible_numbers_no_records() {
        assert_eq!(solutions(3, "4.0", "0.0", &[0, 2, 4, 6]), [[4, 4, 4]]);
        assert!(solutions(3, "3.0", "0.0", &[0, 2, 4, 6]).is_empty());
    }

    #[test]
    fn more_sets_than_asked_for_are_said_to_be_there() {
        let scale: Vec<i64> = (0..=10).collect();
        let number = |text| PrintedNumber::parse(text).unwrap();
        let found = record_solutions(8, number("5"), number("3"), &scale, 4).unwrap();
        assert!(found.records().len() == 4 && !found.is_complete());
        assert!(record_solutions(1, number("5"), number("3"), &scale, 4).is_err());
        assert!(record_solutions(2, number("5"), number("3"), &[], 4).is_err());
    }
}
