//! Questionnaires and rules.

use std::path::Path;

use registat::{
    AgeBand, Dimension, EqVersion, FearAvoidanceBand, FearAvoidanceMissing, HealthChange, HealthProfiles,
    HealthState, MissingItems, NamedRule, NeckBand, OswestryBand, Outcome, ParetianChange, Ratio, Sex,
    ValueSet, dsu_mapping, fear_avoidance_11, fear_avoidance_16, hopkins_10, is_hopkins_case,
    neck_disability, neck_raw50, oswestry, score_items,
};

use crate::case::{Case, Checked, Failure, Row, answers, number, same, text, undefined, within};

/// A decimal number, exactly.
fn exact(row: &Row, column: &str) -> Result<Ratio, Failure> {
    let printed = text(row, column)?;
    let (whole, decimals) = printed.split_once('.').unwrap_or((printed, ""));
    let places = u32::try_from(decimals.len())?;
    let digits: i64 = format!("{whole}{decimals}").parse()?;
    10_i64.checked_pow(places).and_then(|ten| Ratio::new(digits, ten)).ok_or_else(undefined)
}

fn version(row: &Row) -> Result<EqVersion, Failure> {
    match text(row, "version")? {
        "3L" => Ok(EqVersion::ThreeLevel),
        "5L" => Ok(EqVersion::FiveLevel),
        _ => Err("unknown version of EQ-5D".into()),
    }
}

pub fn disability(row: &Row, _: &Path) -> Checked {
    let items = answers::<10>(row)?;
    let items = match text(row, "coding")? {
        "registry_1_6" => items.map(|item| item.and_then(|code| code.checked_sub(1))),
        "zero_five" => items,
        _ => return Err("unknown coding".into()),
    };
    let policy = MissingItems::parse(text(row, "policy")?)?;
    let counted = score_items(&items, 5, policy)?;
    let (score, raw, band) = match text(row, "instrument")? {
        "ODI" => {
            let score = oswestry(&items, policy)?;
            (score, score, score.map(|score| OswestryBand::of(score).name()))
        }
        "NDI" => {
            let score = neck_disability(&items, policy)?;
            (score, score.and_then(neck_raw50), score.map(|score| NeckBand::of(score).name()))
        }
        _ => return Err("unknown instrument".into()),
    };
    let mut all = vec![
        same(row, "n_answered", &counted.answered().to_string())?,
        same(row, "raw_sum", &counted.raw_sum().to_string())?,
        within(row, "score_percent", score.map(Ratio::to_f64), 5.1e-7, 0.0)?,
        same(row, "band", band.unwrap_or("NA"))?,
    ];
    if text(row, "instrument")? == "NDI" {
        all.push(within(row, "score_raw50", raw.map(Ratio::to_f64), 5.1e-7, 0.0)?);
    }
    Ok(all)
}

pub fn hopkins(row: &Row, _: &Path) -> Checked {
    let missing: u8 = number(row, "missing_code")?;
    let items = answers::<10>(row)?.map(|item| item.filter(|code| *code != missing));
    let mean = hopkins_10(&items, MissingItems::parse(text(row, "policy")?)?)?;
    let case = mean.map_or("NA", |mean| if is_hopkins_case(mean) { "1" } else { "0" });
    Ok(vec![
        same(row, "n_answered", &items.iter().flatten().count().to_string())?,
        within(row, "mean", mean.map(Ratio::to_f64), 5.1e-7, 0.0)?,
        same(row, "case_ge_1_85", case)?,
    ])
}

pub fn fear_avoidance(row: &Row, _: &Path) -> Checked {
    let policy = FearAvoidanceMissing::parse(text(row, "policy")?)?;
    let sums = match text(row, "form")? {
        "std16" => fear_avoidance_16(&answers(row)?, policy)?,
        "nnrr11" => fear_avoidance_11(&answers(row)?, policy)?,
        _ => return Err("unknown form".into()),
    };
    Ok(vec![
        within(row, "pa_sum", sums.physical.map(Ratio::to_f64), 5.1e-5, 0.0)?,
        within(row, "work_sum", sums.work.map(Ratio::to_f64), 5.1e-5, 0.0)?,
        same(
            row,
            "pa_band_nnrr",
            sums.physical.map_or("NA", |sum| FearAvoidanceBand::of_physical(sum).name()),
        )?,
        same(row, "work_band_nnrr", sums.work.map_or("NA", |sum| FearAvoidanceBand::of_work(sum).name()))?,
    ])
}

pub fn register_rule(row: &Row, _: &Path) -> Checked {
    let rule = match text(row, "rule")? {
        "odi_abs10" => "odi_improved_nnrr_points",
        "ndi_abs10" => "ndi_improved_nnrr",
        "odi_rel30" => "odi_improved_nnrr_percent",
        "nrs_abs2_excl0" => "pain_improved_nnrr_points",
        "nrs_rel30_excl0" => "pain_improved_nnrr_percent",
        "odi_final_le23" => "odi_minimal_nnrr",
        "ndi_final_le20" => "ndi_minimal_nnrr",
        "nkr_odi_final_le22" => "odi_pass_vanhooff2016",
        "nkr_odi_final_gt48" => "odi_severe_nkr",
        "nkr_odi_gt20" => "odi_success_nkr",
        "nkr_odi_lt13" => "odi_failure_werner2017_points",
        other => return Err(format!("unknown rule `{other}`").into()),
    };
    let outcome = match NamedRule::parse(rule)?.criterion().judge(exact(row, "pre")?, exact(row, "post")?) {
        Outcome::Responder => "1",
        Outcome::NonResponder => "0",
        Outcome::Undefined => "NA",
    };
    Ok(vec![same(row, "expected", outcome)?])
}

pub fn eq5d_index(row: &Row, _: &Path) -> Checked {
    let state = HealthState::parse(text(row, "state")?, version(row)?)?;
    let value = match text(row, "value_set")?.strip_prefix("dsu_to_3l_uk|age=") {
        Some(whom) => {
            let (age, sex) = whom.split_once("|sex=").ok_or("unknown form of age and sex")?;
            let sex = match sex {
                "male" => Sex::Male,
                "female" => Sex::Female,
                _ => return Err("unknown sex".into()),
            };
            dsu_mapping(&state, AgeBand::of(age.parse()?).ok_or_else(undefined)?, sex)?
        }
        None => ValueSet::parse(text(row, "value_set")?)?.index(&state)?.to_f64(),
    };
    // Where the file asks for the exact value, rounding of binary fractions remains.
    let tolerance = number::<f64>(row, "tolerance")?.max(1e-12);
    Ok(vec![within(row, "value", Some(value), tolerance, 0.0)?])
}

pub fn eq5d_profile(row: &Row, _: &Path) -> Checked {
    let state = HealthState::parse(text(row, "state")?, version(row)?)?;
    let frequency = state.level_frequency();
    let worst = frequency.iter().rposition(|count| *count > 0).map_or(0, |place| place + 1);
    Ok(vec![
        same(row, "lss", &state.level_sum().to_string())?,
        same(row, "lfs", &frequency.iter().map(u8::to_string).collect::<String>())?,
        same(row, "n_level1", &frequency.first().map(u8::to_string).unwrap_or_default())?,
        same(row, "max_level", &worst.to_string())?,
    ])
}

pub fn eq5d_change(row: &Row, _: &Path) -> Checked {
    let state = |column| -> Result<HealthState, Failure> {
        Ok(HealthState::parse(text(row, column)?, version(row)?)?)
    };
    Ok(vec![same(row, "pchc", ParetianChange::between(&state("pre")?, &state("post")?)?.name())?])
}

pub fn eq5d_group(row: &Row, folder: &Path) -> Checked {
    let (mut before, mut change) = (HealthProfiles::new(EqVersion::FiveLevel), HealthChange::new());
    for pair in Case::read(&folder.join(format!("{}.csv", text(row, "dataset")?)))? {
        // Invalid and missing states are in the data on purpose.
        let state =
            |time| pair.get(time).and_then(|digits| HealthState::parse(digits, EqVersion::FiveLevel).ok());
        if let Some(pre) = state("pre") {
            before.add(&pre)?;
            if let Some(post) = state("post") {
                change.add(&pre, &post)?;
            }
        }
    }
    let names = ["MO", "SC", "UA", "PD", "AD"];
    let dimension = names
        .iter()
        .zip(Dimension::ALL)
        .find(|(name, _)| row.get("dimension").is_some_and(|own| own == **name));
    let dimension = dimension.map(|(_, dimension)| dimension);
    let informativity = dimension.map_or_else(|| before.informativity(), |at| before.informativity_of(at));
    let value = match (text(row, "statistic")?, dimension) {
        ("n_pairs", None) => Some(change.n() as f64),
        ("prob_superiority", Some(at)) => change.probability_of_superiority(at),
        ("shannon_H", _) => informativity.map(|informativity| informativity.shannon),
        ("shannon_J", _) => informativity.map(|informativity| informativity.evenness),
        ("hsdi", None) => before.density_index(),
        (name, at) => {
            let class = ParetianChange::ALL
                .into_iter()
                .find(|class| name.strip_prefix("pchc_") == Some(class.name()));
            let class = class.ok_or_else(|| format!("unknown statistic `{name}`"))?;
            Some(at.map_or_else(|| change.count(class), |at| change.count_in(at, class)) as f64)
        }
    };
    Ok(vec![within(row, "value", value, 5.1e-11, 0.0)?])
}
