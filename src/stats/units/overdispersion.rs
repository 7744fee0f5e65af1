//! Overdispersion: units that differ more than chance explains, and funnel limits that allow for it.

use std::fmt;

use crate::error::Error;
use crate::stats::named::named;
use crate::stats::{ConfidenceLevel, Interval, Proportion, QuantileType};

/// On which scale units are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OverdispersionScale {
    /// Shares, with `s = sqrt(theta (1 - theta) / n)`.
    #[default]
    Raw,
    /// Their arcsine square roots, with `s = 1 / (2 sqrt(n))`.
    Arcsine,
}

impl OverdispersionScale {
    /// Both scales.
    pub const ALL: [OverdispersionScale; 2] = [OverdispersionScale::Raw, OverdispersionScale::Arcsine];

    /// The name of the scale in specifications.
    pub fn name(self) -> &'static str {
        match self {
            OverdispersionScale::Raw => "raw",
            OverdispersionScale::Arcsine => "arcsine",
        }
    }

    /// The scale of this name.
    ///
    /// # Errors
    ///
    /// If no scale has the name.
    pub fn parse(name: &str) -> Result<OverdispersionScale, Error> {
        named("scale of overdispersion", &OverdispersionScale::ALL, OverdispersionScale::name, name)
    }

    fn of(self, share: f64) -> f64 {
        match self {
            OverdispersionScale::Raw => share,
            OverdispersionScale::Arcsine => share.sqrt().asin(),
        }
    }

    fn back(self, value: f64) -> f64 {
        match self {
            OverdispersionScale::Raw => value,
            OverdispersionScale::Arcsine => value.clamp(0.0, std::f64::consts::FRAC_PI_2).sin().powi(2),
        }
    }

    fn standard_error(self, theta: f64, n: u64) -> f64 {
        match self {
            OverdispersionScale::Raw => (theta * (1.0 - theta) / n as f64).sqrt(),
            OverdispersionScale::Arcsine => 0.5 / (n as f64).sqrt(),
        }
    }
}

/// How much more than chance the units differ (Spiegelhalter 2005, Qual Saf Health Care 14:347; Spiegelhalter and others
/// 2012, J R Stat Soc A 175:1).
///
/// With `z` the distance of a unit from the overall share in standard errors, `phi` is the mean of `z^2` after the most
/// extreme `z` have been drawn in to given quantiles (winsorised, type 7), and
/// `tau^2 = (I phi - (I - 1)) / (sum w - sum w^2 / sum w)` with `w = 1/s^2`, 0 where `I phi < I - 1`. The `Debug` form hides
/// the content.
#[derive(Clone, PartialEq)]
pub struct Overdispersion {
    scale: OverdispersionScale,
    theta: f64,
    phi: f64,
    tau_squared: f64,
}

impl Overdispersion {
    /// Of units with patients; those without are left out. `winsorised` is the share at each end that is drawn in, 0.1 as
    /// a rule. `None` below two units, or where every patient or none has succeeded: nothing varies then.
    ///
    /// # Errors
    ///
    /// If the winsorised share does not lie from 0 to below a half.
    pub fn of(
        units: &[Proportion],
        scale: OverdispersionScale,
        winsorised: f64,
    ) -> Result<Option<Overdispersion>, Error> {
        if !(0.0..0.5).contains(&winsorised) {
            return Err(Error::stats("the winsorised share lies from 0 to below a half"));
        }
        // In one order, so that sums do not depend on the order of the units.
        let mut units: Vec<&Proportion> = units.iter().filter(|unit| unit.n() > 0).collect();
        units.sort_by_key(|unit| (unit.n(), unit.successes()));
        let (mut successes, mut n) = (0_u128, 0_u128);
        for unit in &units {
            successes += u128::from(unit.successes());
            n += u128::from(unit.n());
        }
        if units.len() < 2 || successes == 0 || successes == n {
            return Ok(None);
        }
        let theta = successes as f64 / n as f64;
        let mut z: Vec<f64> = units.iter().filter_map(|unit| z_score(scale, theta, unit)).collect();
        z.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let ordered = |rank: u64| usize::try_from(rank - 1).ok().and_then(|place| z.get(place).copied());
            QuantileType::Linear.of_reals(z.len() as u64, share, |rank| ordered(rank).unwrap_or_default())
        };
        let Some((lowest, highest)) = at(winsorised)?.zip(at(1.0 - winsorised)?) else { return Ok(None) };
        let count = z.len() as f64;
        let phi = z.iter().map(|z| z.clamp(lowest, highest).powi(2)).sum::<f64>() / count;
        let (mut weights, mut squares) = (0.0, 0.0);
        for unit in &units {
            let weight = scale.standard_error(theta, unit.n()).powi(-2);
            weights += weight;
            squares += weight * weight;
        }
        let spread = weights - squares / weights;
        let excess = count * phi - (count - 1.0);
        let tau_squared = if excess > 0.0 && spread > 0.0 { excess / spread } else { 0.0 };
        Ok(Some(Overdispersion { scale, theta, phi, tau_squared }))
    }

    /// The overall share.
    pub fn overall(&self) -> f64 {
        self.theta
    }

    /// The multiplicative factor: the winsorised mean of `z^2`, 1 where units differ by chance only.
    pub fn phi(&self) -> f64 {
        self.phi
    }

    /// The additive variance between units, on the scale.
    pub fn tau_squared(&self) -> f64 {
        self.tau_squared
    }

    /// The distance of a unit from the overall share in standard errors, without the allowance; `None` without patients.
    pub fn z(&self, unit: &Proportion) -> Option<f64> {
        z_score(self.scale, self.theta, unit)
    }

    /// The limits of a unit with `n` patients, as shares, with the additive allowance: `theta -+ z sqrt(s^2 + tau^2)` on the
    /// scale. `None` without patients.
    pub fn limits(&self, n: u64, level: ConfidenceLevel) -> Option<Interval> {
        if n == 0 {
            return None;
        }
        let error = (self.scale.standard_error(self.theta, n).powi(2) + self.tau_squared).sqrt();
        let on_scale = Interval::around(self.scale.of(self.theta), level.z() * error);
        Some(Interval { lower: self.scale.back(on_scale.lower), upper: self.scale.back(on_scale.upper) })
    }
}

fn z_score(scale: OverdispersionScale, theta: f64, unit: &Proportion) -> Option<f64> {
    Some((scale.of(unit.share()?) - scale.of(theta)) / scale.standard_error(theta, unit.n()))
}

impl fmt::Debug for Overdispersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Overdispersion(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(counts: &[(u64, u64)]) -> Vec<Proportion> {
        counts.iter().map(|(x, n)| Proportion::new(*x, *n).unwrap()).collect()
    }

    #[test]
    fn equal_units_leave_nothing_between_them() {
        for scale in OverdispersionScale::ALL {
            let equal = Overdispersion::of(&units(&[(30, 100); 5]), scale, 0.1).unwrap().unwrap();
            assert!(equal.phi() < 1e-20 && equal.tau_squared() == 0.0);
            let limits = equal.limits(100, ConfidenceLevel::P95).unwrap();
            assert!(limits.contains(0.3));
            assert!(equal.limits(0, ConfidenceLevel::P95).is_none());
        }
    }

    #[test]
    fn order_and_empty_units_change_nothing_and_too_little_is_undefined() {
        let some = units(&[(3, 10), (90, 100), (5, 50)]);
        let mut other = units(&[(5, 50), (0, 0), (3, 10), (90, 100)]);
        let of = |units: &[Proportion]| Overdispersion::of(units, OverdispersionScale::Raw, 0.1).unwrap();
        assert!(of(&some) == of(&other) && of(&some).is_some());
        other.truncate(1);
        assert!(of(&other).is_none() && of(&[]).is_none());
        assert!(of(&units(&[(0, 10), (0, 20)])).is_none());
        assert!(Overdispersion::of(&some, OverdispersionScale::Raw, 0.5).is_err());
        assert!(Overdispersion::of(&some, OverdispersionScale::Raw, f64::NAN).is_err());
    }
}
