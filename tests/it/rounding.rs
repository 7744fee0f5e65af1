//! Rounding instead of hiding: published examples, sums that add up, what gives a count away.

use registat::{
    AuditedCell, RoundedCounts, RoundingMethod, RoundingScope, RoundingVerdict, SeparateRounding,
    SmallCountRounding, round_to_base, round_to_midpoint,
};

use crate::support::Random;

/// Rounds counts of which these sums are printed.
fn round(counts: &[u64], base: u64, scope: RoundingScope, cells: &[Vec<usize>]) -> RoundedCounts {
    let mut table = SmallCountRounding::new(counts.iter().copied(), base).unwrap();
    for cell in cells {
        table.publish(cell.iter().copied()).unwrap();
    }
    table.scope(scope).round().unwrap()
}

/// Every margin of a crossed table, the inner cells and the total among them: for each, which dimensions are kept, and its
/// members.
fn margins(shape: &[usize]) -> Vec<(usize, Vec<usize>)> {
    let inner: usize = shape.iter().product();
    let mut cells = Vec::new();
    for kept in 0..1_usize << shape.len() {
        let kept_levels = |cell: usize| {
            let (mut rest, mut place, mut width) = (cell, 0, 1);
            for (dimension, levels) in shape.iter().enumerate() {
                if (kept >> dimension) & 1 == 1 {
                    place += rest % levels * width;
                    width *= levels;
                }
                rest /= levels;
            }
            (place, width)
        };
        let mut members = vec![Vec::new(); kept_levels(0).1];
        for cell in 0..inner {
            members[kept_levels(cell).0].push(cell);
        }
        cells.extend(members.into_iter().map(|members| (kept, members)));
    }
    cells
}

fn all_margins(shape: &[usize]) -> Vec<Vec<usize>> {
    margins(shape).into_iter().map(|(_, members)| members).collect()
}

/// The data set `e6` of the package SmallCountRounding: Iceland, Portugal and Spain in 2018, then in 2019.
const E6: [u64; 6] = [2, 3, 7, 1, 5, 6];

/// `PLSrounding(e6, "freq", 5, formula = ~geo + eu + year)`, help page of SmallCountRounding: maxdiff 3, meanAbsDiff 1.25,
/// rootMeanSquare 1.6583; inner 5, 3, 7, 0, 5, 6.
#[test]
fn necessary_rounding_gives_the_example_of_the_help_page() {
    let (all, eu) = (vec![0, 1, 2, 3, 4, 5], vec![1, 2, 4, 5]);
    let cells = [all, vec![0, 3], vec![1, 4], vec![2, 5], eu, vec![0, 3], vec![0, 1, 2], vec![3, 4, 5]];
    let rounded = round(&E6, 5, RoundingScope::Necessary, &cells);
    assert_eq!(rounded.inner(), [5, 3, 7, 0, 5, 6]);
    assert_eq!(rounded.published(), [26, 5, 8, 13, 21, 5, 15, 11]);
    let (quality, inner) = (rounded.quality(), rounded.inner_quality());
    assert_eq!(quality.greatest(), 3);
    assert!((quality.mean_absolute() - 1.25).abs() < 1e-9);
    assert!((quality.root_mean_square() - 1.658_312_4).abs() < 1e-6);
    assert!((inner.mean_absolute() - 0.666_666_7).abs() < 1e-6);
    assert!((inner.root_mean_square() - 1.290_994_4).abs() < 1e-6);
}

/// The same data with base 3 and all 18 cells of `geo`, `eu` and their total by year and in both years: maxdiff 1,
/// meanAbsDiff 0.3333, rootMeanSquare 0.5774.
#[test]
fn rounding_of_a_hierarchy_by_year_gives_the_example_of_the_help_page() {
    let places: [&[usize]; 6] = [&[0], &[1], &[2], &[1, 2], &[0], &[0, 1, 2]];
    let years: [&[usize]; 3] = [&[0], &[1], &[0, 1]];
    let mut cells: Vec<Vec<usize>> = Vec::new();
    for place in places {
        for year in years {
            let cell = year.iter().flat_map(|year| place.iter().map(move |place| 3 * year + place));
            cells.push(cell.collect());
        }
    }
    let rounded = round(&E6, 3, RoundingScope::Necessary, &cells);
    assert_eq!(rounded.inner(), [3, 3, 7, 0, 5, 6]);
    let quality = rounded.quality();
    assert_eq!((quality.cells(), quality.changed(), quality.greatest(), quality.squares()), (18, 6, 1, 6));
    assert!((quality.root_mean_square() - 0.577_35).abs() < 1e-5);
}

/// The table of 3 rows and 5 columns of Langsrud and Heldal (2018).
const PSD: [u64; 15] = [6, 0, 1, 3, 4, 1, 2, 3, 1, 2, 0, 1, 1, 0, 2];

/// Introduction to SmallCountRounding, table 2: all small counts rounded, everything printed; maxdiff 4,
/// rootMeanSquare 1.6833, that is a sum of squares of 68, which is also the least possible.
#[test]
fn rounding_every_small_count_is_as_near_as_the_published_table() {
    let cells = all_margins(&[5, 3]);
    let rounded = round(&PSD, 5, RoundingScope::EverySmall, &cells);
    assert_eq!((rounded.quality().cells(), rounded.quality().squares()), (24, 68));
    assert!(rounded.quality().greatest() <= 4);
    assert!(rounded.audit(&[]).unwrap().is_safe());
}

/// The same, table 3: only the margins are printed; maxdiff 2, rootMeanSquare 1.2019, that is a sum of squares of 13.
#[test]
fn rounding_the_necessary_counts_is_as_near_as_the_published_table() {
    let printed = margins(&[5, 3]).into_iter().filter(|(kept, _)| *kept != 3);
    let cells: Vec<Vec<usize>> = printed.map(|(_, members)| members).collect();
    let rounded = round(&PSD, 5, RoundingScope::Necessary, &cells);
    assert!(rounded.published().iter().all(|count| !(1..5).contains(count)));
    let quality = rounded.quality();
    assert!(quality.cells() == 9 && quality.squares() <= 13 && quality.greatest() <= 2);
    assert_eq!(rounded.inner()[0], 6, "what is not small stays");
}

#[test]
fn sums_add_up_in_crossed_tables_and_are_nearer_than_those_of_counts_rounded_by_themselves() {
    let mut random = Random::new(31);
    let shapes: [&[usize]; 6] = [&[4, 5], &[9, 7], &[3, 4, 5], &[6, 2, 7], &[2, 3, 2, 4], &[5, 3, 4, 3]];
    for shape in shapes {
        for base in [3, 5, 10] {
            let cells = all_margins(shape);
            let number: usize = shape.iter().product();
            let counts: Vec<u64> = (0..number).map(|_| random.below(base + 3)).collect();
            let rounded = round(&counts, base, RoundingScope::EverySmall, &cells);
            let sum =
                |cell: &Vec<usize>, counts: &[u64]| cell.iter().map(|count| counts[*count]).sum::<u64>();
            for (cell, printed) in cells.iter().zip(rounded.published()) {
                assert_eq!(sum(cell, rounded.inner()), *printed);
            }
            let by_itself = |count: &u64| match *count {
                small if small < base => round_to_base(small, base).unwrap(),
                other => other,
            };
            let alone: Vec<u64> = counts.iter().map(by_itself).collect();
            let squares = |values: &[u64]| -> u128 {
                let differences = cells.iter().map(|cell| sum(cell, values).abs_diff(sum(cell, &counts)));
                differences.map(|difference| u128::from(difference) * u128::from(difference)).sum()
            };
            assert_eq!(rounded.quality().squares(), squares(rounded.inner()));
            assert!(rounded.quality().squares() <= squares(&alone), "{shape:?} {base}");
        }
    }
}

#[test]
fn a_hundred_thousand_counts_are_rounded_and_audited() {
    let shape = [50, 40, 50];
    let mut random = Random::new(32);
    let counts: Vec<u64> = (0..100_000).map(|_| random.below(8)).collect();
    let cells = all_margins(&shape);
    let mut table = SmallCountRounding::new(counts.iter().copied(), 5).unwrap();
    for cell in &cells {
        table.publish(cell.iter().copied()).unwrap();
    }
    let rounded = table.scope(RoundingScope::EverySmall).starts(2).round().unwrap();
    assert!(rounded.published().iter().all(|count| !(1..5).contains(count)));
    // Some 25 counts of each margin were rounded; each by itself would leave a root mean square of about 8.
    let margins = cells.iter().zip(rounded.published()).filter(|(cell, _)| cell.len() > 1);
    let differences = margins.map(|(cell, printed)| {
        let truth: u64 = cell.iter().map(|count| counts[*count]).sum();
        truth.abs_diff(*printed) as f64
    });
    let squares: Vec<f64> = differences.map(|difference| difference * difference).collect();
    assert!((squares.iter().sum::<f64>() / squares.len() as f64).sqrt() < 4.0);
    let audit = rounded.audit(&[]).unwrap();
    assert!(audit.is_safe());
    assert_eq!(audit.counts().len(), counts.iter().filter(|count| (1..5).contains(*count)).count());
}

#[test]
fn the_same_seed_gives_the_same_table() {
    let cells = all_margins(&[5, 3]);
    let with = |seed: u64| {
        let mut table = SmallCountRounding::new(PSD, 5).unwrap();
        for cell in &cells {
            table.publish(cell.iter().copied()).unwrap();
        }
        table.scope(RoundingScope::EverySmall).seed(seed).starts(3).round().unwrap().inner().to_vec()
    };
    assert_eq!(with(1), with(1));
    assert_eq!(with(2), with(2));
}

#[test]
fn true_sums_printed_elsewhere_give_counts_away() {
    // Two small groups of a hospital, and the hospital.
    let cells = [vec![0], vec![1], vec![0, 1, 2]];
    let rounded = round(&[4, 4, 30], 5, RoundingScope::EverySmall, &cells);
    let alone = rounded.audit(&[]).unwrap();
    assert!(alone.is_safe() && alone.counts().iter().all(|count| count.is_exact()));
    // 4 + 4 = 8 with one of them or both rounded up: still open.
    let pair = rounded.audit(&[vec![0, 1]]).unwrap();
    for found in pair.counts() {
        assert_eq!(found.verdict(), RoundingVerdict::Open);
        assert!(found.least() <= 4 && found.most() >= 4);
    }
    // One of them is printed as it is, so the other follows.
    let both = rounded.audit(&[vec![0, 1], vec![1]]).unwrap();
    assert_eq!(both.exposed().collect::<Vec<_>>(), [AuditedCell::Inner(0), AuditedCell::Inner(1)]);
    assert!(!both.is_safe());
}

#[test]
fn numbers_rounded_by_themselves_do_not_add_up_and_tell() {
    let mut table = SeparateRounding::new([3, 3, 6], RoundingMethod::NearestMultiple, 5).unwrap();
    table.equation(2, [0, 1]).unwrap();
    assert_eq!(table.printed(), [5, 5, 5]);
    // The whole is 3 to 7 and each part at least 3: 3 + 3, 3 + 4 or 4 + 3.
    let audit = table.audit(5).unwrap();
    let ranges: Vec<(u64, u64)> = audit.counts().iter().map(|found| (found.least(), found.most())).collect();
    assert_eq!(ranges, [(3, 4), (3, 4)]);
    assert!(audit.is_safe());
    assert_eq!(table.quality().greatest(), 2);

    // Three parts of at least 1 and a whole of at most 3 (midpoints of 3).
    let mut table = SeparateRounding::new([1, 1, 1, 3], RoundingMethod::Midpoint, 3).unwrap();
    table.equation(3, [0, 1, 2]).unwrap();
    let audit = table.audit(5).unwrap();
    assert_eq!(audit.exposed().count(), 4);
}

#[test]
fn midpoints_and_multiples_are_those_of_their_definition() {
    for count in 0..200_u64 {
        let midpoint = round_to_midpoint(count, 6).unwrap();
        let defined = (count as f64 / 6.0).ceil() * 6.0 - if count == 0 { 0.0 } else { 3.0 };
        assert_eq!(midpoint as f64, defined);
        for base in [2, 3, 5, 10] {
            let nearest = (count as f64 / base as f64).round() * base as f64;
            assert_eq!(round_to_base(count, base).unwrap() as f64, nearest);
        }
    }
}

#[test]
fn what_cannot_be_used_is_an_error() {
    for base in [0, 1, 65] {
        assert!(SmallCountRounding::new([1], base).unwrap_err().is_specification());
    }
    assert!(SmallCountRounding::new([u64::MAX, 1], 5).is_err());
    let mut table = SmallCountRounding::new([3, 4], 5).unwrap();
    assert!(table.round().is_err(), "nothing is printed");
    assert!(table.publish([]).is_err());
    assert!(table.publish([2]).is_err());
    assert!(table.publish([1, 1]).is_err());
    assert_eq!(table.publish([0, 1]).unwrap(), 0);
    assert!(table.round().unwrap().audit(&[vec![7]]).is_err());

    assert!(round_to_base(1, 0).is_err() && round_to_base(u64::MAX, 10).is_err());
    assert!(round_to_midpoint(1, 1_001).is_err() && round_to_midpoint(u64::MAX, 10).is_err());
    assert!(SeparateRounding::new([], RoundingMethod::Midpoint, 1).is_err());
    let mut table = SeparateRounding::new([3, 4, 7], RoundingMethod::NearestMultiple, 5).unwrap();
    assert!(table.equation(2, [0]).is_err(), "does not add up");
    assert!(table.equation(2, [0, 1, 2]).is_err() && table.equation(3, [0, 1]).is_err());
    assert!(table.audit(1).is_err());
}

#[test]
fn debugging_shows_no_number() {
    let rounded = round(&[4, 4, 30], 5, RoundingScope::EverySmall, &[vec![0, 1], vec![0, 1, 2]]);
    let audit = rounded.audit(&[]).unwrap();
    let separate = SeparateRounding::new([3], RoundingMethod::Midpoint, 6).unwrap();
    let texts = [
        format!("{rounded:?}"),
        format!("{:?}", rounded.quality()),
        format!("{audit:?}"),
        format!("{:?}", audit.counts()),
        format!("{separate:?}"),
        format!("{:?}", SmallCountRounding::new([3], 5).unwrap()),
    ];
    for text in texts {
        assert!(!text.contains(|character: char| character.is_ascii_digit()), "{text}");
    }
}
