//! What must stay possible for a sum of contributions: a rule, and the interval that it demands for each sensitive cell.

use registat::ContributorRule;

use super::instance::{Contribution, Instance, Outcome};

/// `p%=10`: the second contributor must not estimate the first to within so many percent. `nk=2,85`: so many contributors
/// hold at most so many percent.
pub fn rule(text: &str) -> Option<ContributorRule> {
    match text.split_once('=')? {
        ("p%", percent) => Some(ContributorRule::PPercent { percent: percent.parse().ok()? }),
        ("nk", numbers) => {
            let (n, percent) = numbers.split_once(',')?;
            Some(ContributorRule::Dominance { n: n.parse().ok()?, percent: percent.parse().ok()? })
        }
        _ => None,
    }
}

/// The rule of the instance's description: p% where it states both.
pub fn stated_rule(instance: &Instance) -> Option<ContributorRule> {
    let p_percent = instance.p_percent.map(|percent| ContributorRule::PPercent { percent });
    let dominance = instance.dominance.map(|(n, percent)| ContributorRule::Dominance { n, percent });
    p_percent.or(dominance)
}

/// For each cell that is sensitive by the rule the least and the most that must stay possible.
///
/// # Errors
/// When the instance has counts instead of contributions, or the rule makes no sense.
pub fn demands(instance: &Instance, rule: &ContributorRule) -> Outcome<Vec<Option<(u64, u64)>>> {
    if !instance.is_magnitude() {
        return Err("a rule is about contributions, and this instance has counts".into());
    }
    rule.validate()?;
    let interval = |(total, contributions): (&u64, &Vec<Contribution>)| {
        let values: Vec<u64> = contributions.iter().map(|(_, value)| *value).collect();
        rule.protected_interval(&values, *total)
    };
    Ok(instance.counts.iter().zip(&instance.contributions).map(interval).collect())
}
