//! Comparison of units.

use std::path::Path;

use registat::{
    CaseMix, ConfidenceLevel, DirectStandardisation, FunnelMethod, LogisticFit, Overdispersion,
    OverdispersionScale, PoissonMethod, Proportion, StandardisedRatio, Stratum,
};

use crate::case::{
    Case, Checked, Failure, PRINTED, RELATIVE, Row, beside, number, numbers, same, text, undefined, within,
};

const FACTORS: [&str; 3] = ["age", "male", "odi_pre"];

pub fn funnel(row: &Row, _: &Path) -> Checked {
    let p: f64 = number(row, "p")?;
    let level = ConfidenceLevel::new((1.0 - 2.0 * p).abs())?;
    // UKHSA's figures are percentages around a target that was printed to six decimals of a percent.
    let (method, scale, relative) = match text(row, "method")? {
        "phe_percent" => (FunnelMethod::NormalTruncated, 100.0, 1e-5),
        name => (FunnelMethod::parse(name)?, 1.0, RELATIVE),
    };
    let limits = method.limits(number(row, "target")?, number(row, "n")?, level)?.ok_or_else(undefined)?;
    let limit = if p > 0.5 { limits.upper } else { limits.lower };
    Ok(vec![within(row, "limit", Some(limit * scale), PRINTED, relative)?])
}

pub fn overdispersion(row: &Row, _: &Path) -> Checked {
    let pairs = numbers::<u64>(row, "x")?.into_iter().zip(numbers::<u64>(row, "n")?);
    let units: Vec<Proportion> = pairs.map(|(x, n)| Proportion::new(x, n)).collect::<Result<_, _>>()?;
    let scale = OverdispersionScale::parse(text(row, "scale")?)?;
    let found = Overdispersion::of(&units, scale, number(row, "winsor")?)?.ok_or_else(undefined)?;
    let z = |place: usize| units.get(place).and_then(|unit| found.z(unit));
    Ok(vec![
        beside(row, "theta", Some(found.overall()))?,
        beside(row, "phi", Some(found.phi()))?,
        beside(row, "tau2", Some(found.tau_squared()))?,
        beside(row, "z_first", z(0))?,
        beside(row, "z_second", z(1))?,
    ])
}

pub fn direct(row: &Row, _: &Path) -> Checked {
    let counts = numbers::<u64>(row, "count")?.into_iter().zip(numbers::<u64>(row, "pop")?);
    let strata: Vec<Stratum> = counts
        .zip(numbers::<u64>(row, "stdpop")?)
        .map(|((events, population), standard)| Stratum { events, population, standard })
        .collect();
    let rate = DirectStandardisation::of(&strata)?.ok_or_else(undefined)?;
    let byar = rate.dobson_byar(ConfidenceLevel::P95).ok_or_else(undefined)?;
    // UKHSA's workbooks print fewer digits than the others.
    let relative = if text(row, "origin")? == "reference-test" { 1e-8 } else { RELATIVE };
    let mut all = vec![
        beside(row, "crude", Some(rate.crude()))?,
        beside(row, "dsr", Some(rate.rate()))?,
        within(row, "dobson_byar_lower95", Some(byar.lower), PRINTED, relative)?,
        within(row, "dobson_byar_upper95", Some(byar.upper), PRINTED, relative)?,
    ];
    // What the file does not give for a row cannot be compared.
    if text(row, "fay_feuer_lower95")? != "NA" {
        let gamma = rate.fay_feuer(ConfidenceLevel::P95).ok_or_else(undefined)?;
        all.push(beside(row, "fay_feuer_lower95", Some(gamma.lower))?);
        all.push(beside(row, "fay_feuer_upper95", Some(gamma.upper))?);
        all.push(beside(row, "se_binomial", Some(rate.standard_error()))?);
    }
    Ok(all)
}

pub fn indirect(row: &Row, _: &Path) -> Checked {
    let ratio = StandardisedRatio::new(number(row, "observed")?, number(row, "expected")?)?;
    let method = match text(row, "method")? {
        "byars" => PoissonMethod::Byar,
        name => PoissonMethod::parse(name)?,
    };
    let limits = ratio.interval(method, ConfidenceLevel::new(number(row, "conf")?)?).ok_or_else(undefined)?;
    Ok(vec![
        // Printed with eight decimals.
        within(row, "ratio", Some(ratio.ratio()), 5.1e-9, 0.0)?,
        beside(row, "lower", Some(limits.lower))?,
        beside(row, "upper", Some(limits.upper))?,
    ])
}

/// The courses of a data set: of one unit, or of all.
fn courses(row: &Row, folder: &Path, unit: Option<&str>) -> Result<CaseMix, Failure> {
    let mut courses = CaseMix::new(FACTORS.len());
    for course in Case::read(&folder.join(text(row, "dataset")?))? {
        if unit.is_none_or(|unit| course.get("unit").is_some_and(|own| own == unit)) {
            let factors: Vec<f64> =
                FACTORS.iter().map(|factor| number(&course, factor)).collect::<Result<_, _>>()?;
            courses.add(&factors, number::<u8>(&course, "y")? == 1)?;
        }
    }
    Ok(courses)
}

pub fn logistic(row: &Row, folder: &Path) -> Checked {
    let fit = LogisticFit::of(&courses(row, folder, None)?)?;
    let term = text(row, "term")?;
    let place = if term == "(Intercept)" {
        Some(0)
    } else {
        FACTORS.iter().position(|name| *name == term).map(|at| at + 1)
    };
    let place = place.ok_or("unknown term")?;
    let coefficient = fit.coefficients().get(place).ok_or_else(undefined)?;
    let wald = coefficient.wald(ConfidenceLevel::P95);
    let profile = fit.profile(place, ConfidenceLevel::P95).ok_or_else(undefined)?;
    // R's profile limits are interpolated: good to about 1e-4.
    let rough = 2e-4 * coefficient.standard_error;
    Ok(vec![
        beside(row, "coef", Some(coefficient.estimate))?,
        beside(row, "se", Some(coefficient.standard_error))?,
        beside(row, "wald_lower95", Some(wald.lower))?,
        beside(row, "wald_upper95", Some(wald.upper))?,
        beside(row, "p_value", coefficient.p_value())?,
        within(row, "profile_lower95", Some(profile.lower), rough, 1e-4)?,
        within(row, "profile_upper95", Some(profile.upper), rough, 1e-4)?,
    ])
}

pub fn case_mix(row: &Row, folder: &Path) -> Checked {
    let all = courses(row, folder, None)?;
    let fit = LogisticFit::of(&all)?;
    let unit = courses(row, folder, Some(text(row, "unit")?))?.expected(&fit).ok_or_else(undefined)?;
    let overall = all.events() as f64 / all.n() as f64;
    let crude = unit.observed() as f64 / unit.n() as f64;
    // R's glm stops a little before the maximum: its fitted values differ in the seventh digit.
    let rough = 1e-6;
    Ok(vec![
        same(row, "n", &unit.n().to_string())?,
        same(row, "observed", &unit.observed().to_string())?,
        beside(row, "crude", Some(crude))?,
        within(row, "expected", Some(unit.expected()), 0.0, rough)?,
        within(row, "oe", Some(unit.ratio()?.ratio()), 0.0, rough)?,
        within(row, "adjusted_rate", Some(unit.adjusted_rate(overall)), 0.0, rough)?,
        within(row, "z", unit.z(), 0.0, 10.0 * rough)?,
    ])
}
