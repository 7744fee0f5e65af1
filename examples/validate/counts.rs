//! Proportions, tables and counts.

use std::path::Path;

use registat::{
    ChiSquareTest, ConfidenceLevel, ContinuityCorrection, DifferenceMethod, FisherTest, Interval,
    MeanDifference, PValueAdjustment, PoissonMethod, Proportion, ProportionDifference, ProportionMethod,
    RiskRatio, SampleSummary, smd_binary,
};

use crate::case::{
    Checked, Comparison, Failure, Row, beside, number, numbers, same, text, undefined, within,
};

fn level(row: &Row) -> Result<ConfidenceLevel, Failure> {
    Ok(ConfidenceLevel::new(number(row, "conf")?)?)
}

fn group(row: &Row, successes: &str, n: &str) -> Result<Proportion, Failure> {
    Ok(Proportion::new(number(row, successes)?, number(row, n)?)?)
}

fn limits(row: &Row, interval: Option<Interval>) -> Checked {
    let interval = interval.ok_or_else(undefined)?;
    Ok(vec![beside(row, "lower", Some(interval.lower))?, beside(row, "upper", Some(interval.upper))?])
}

pub fn proportion(row: &Row, _: &Path) -> Checked {
    let method = ProportionMethod::parse(text(row, "method")?)?;
    limits(row, method.interval(number(row, "x")?, number(row, "n")?, level(row)?))
}

pub fn difference(row: &Row, _: &Path) -> Checked {
    let method = DifferenceMethod::parse(text(row, "method")?)?;
    let (first, second) = (group(row, "x1", "n1")?, group(row, "x2", "n2")?);
    let found = ProportionDifference::of(&first, &second, method, level(row)?).ok_or_else(undefined)?;
    let mut all = limits(row, Some(found.interval))?;
    all.push(beside(row, "diff", Some(found.difference))?);
    Ok(all)
}

pub fn chi_square(row: &Row, _: &Path) -> Checked {
    let correction = ContinuityCorrection::parse(text(row, "correction")?)?;
    let pairs = numbers::<u64>(row, "x")?.into_iter().zip(numbers::<u64>(row, "n")?);
    let groups: Vec<Proportion> = pairs.map(|(x, n)| Proportion::new(x, n)).collect::<Result<_, _>>()?;
    let test = ChiSquareTest::of(&groups, correction).ok_or_else(undefined)?;
    Ok(vec![
        beside(row, "chisq", Some(test.statistic))?,
        same(row, "df", &test.degrees_of_freedom.to_string())?,
        beside(row, "p_value", Some(test.p_value))?,
    ])
}

pub fn adjusted(row: &Row, _: &Path) -> Checked {
    let adjustment = PValueAdjustment::parse(text(row, "method")?)?;
    let found = adjustment.adjust(&numbers::<f64>(row, "p")?)?;
    let printed = text(row, "adjusted")?.split(' ').map(str::to_owned);
    if printed.clone().count() != found.len() {
        return Err("another number of p values".into());
    }
    let each = printed.zip(found).map(|(printed, value)| {
        beside(&Row::from([("adjusted".to_owned(), printed)]), "adjusted", Some(value))
    });
    each.collect()
}

pub fn standardised(row: &Row, _: &Path) -> Checked {
    if text(row, "kind")? != "binary" {
        return Err("unknown kind of difference".into());
    }
    Ok(vec![beside(row, "smd", smd_binary(&group(row, "x1", "n1")?, &group(row, "x2", "n2")?))?])
}

pub fn fisher(row: &Row, _: &Path) -> Checked {
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|column| number::<u64>(row, column));
    let (a, b, c, d) = (a?, b?, c?, d?);
    let (first, second) = (Proportion::new(a, a + b)?, Proportion::new(c, c + d)?);
    let test = FisherTest::of(&first, &second, ConfidenceLevel::P95).ok_or_else(undefined)?;
    Ok(vec![
        beside(row, "p_value", Some(test.p_value))?,
        beside(row, "lower95", Some(test.lower))?,
        beside(row, "upper95", test.upper)?,
        beside(row, "or_conditional_mle", test.odds_ratio)?,
        beside(row, "or_sample", test.sample_odds_ratio)?,
    ])
}

pub fn poisson(row: &Row, _: &Path) -> Checked {
    let method = PoissonMethod::parse(text(row, "method")?)?;
    limits(row, method.interval(number(row, "o")?, level(row)?))
}

/// Sentences of papers, whose numbers are read from the text; the tolerance is for the rounding of what was printed.
pub fn published(row: &Row, _: &Path) -> Checked {
    let numbers_in = |column: &str| -> Result<Vec<f64>, Failure> {
        let spaced: String = text(row, column)?
            .replace("..", " ")
            .chars()
            .map(|letter| if letter.is_ascii_digit() || letter == '.' { letter } else { ' ' })
            .collect();
        Ok(spaced.split_whitespace().filter_map(|word| word.trim_end_matches('.').parse().ok()).collect())
    };
    let (input, expected) = (numbers_in("input")?, numbers_in("expected")?);
    let (mut computed, mut printed) = (Vec::new(), Vec::new());
    match (text(row, "what")?, input.as_slice(), expected.as_slice()) {
        ("risk ratio with 95% CI", [x1, n1, x2, n2], [ratio, lower, upper]) => {
            let (first, second) =
                (Proportion::new(*x1 as u64, *n1 as u64)?, Proportion::new(*x2 as u64, *n2 as u64)?);
            let found = RiskRatio::of(&first, &second, ConfidenceLevel::P95).ok_or_else(undefined)?;
            computed.extend([found.ratio, found.interval.lower, found.interval.upper]);
            printed.extend([*ratio, *lower, *upper]);
        }
        ("mean difference, Welch or pooled 95% CI", [m1, s1, n1, m2, s2, n2, ..], [.., half]) => {
            let first = SampleSummary::new(*n1 as u64, *m1, *s1)?;
            let second = SampleSummary::new(*n2 as u64, *m2, *s2)?;
            for method in [MeanDifference::welch, MeanDifference::pooled] {
                let found = method(&first, &second, ConfidenceLevel::P95).ok_or_else(undefined)?;
                computed.push(found.interval.width() / 2.0);
                printed.push(*half);
            }
        }
        _ => return Err("unknown published example".into()),
    }
    let tolerance = number(row, "tolerance")?;
    let each = computed.into_iter().zip(printed).map(
        |(value, printed): (f64, f64)| -> Result<Comparison, Failure> {
            within(
                &Row::from([("printed".to_owned(), printed.to_string())]),
                "printed",
                Some(value),
                tolerance,
                0.0,
            )
        },
    );
    each.collect()
}
