//! Logistic regression on baseline factors, fitted by maximum likelihood.

use std::fmt;

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOutcome};
use nalgebra::{DMatrix, DVector};

use super::case_mix::CaseMix;
use crate::stats::special::gamma_upper;
use crate::stats::{ConfidenceLevel, Interval};

/// Newton steps; a likelihood with a maximum is there after ten.
const STEPS: usize = 60;

/// A step that changes no linear predictor by more than this ends the search.
const CONVERGED: f64 = 1e-11;

/// A linear predictor beyond this is a sign that the maximum lies at infinity.
const SUSPICIOUS: f64 = 15.0;

/// Halvings of an interval that holds a profile limit.
const HALVINGS: usize = 200;

/// Why there is no fit. No number is given then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FitProblem {
    /// Fewer courses than coefficients.
    TooFew,
    /// Every course had the event, or none.
    NoVariation,
    /// A factor is constant or follows from the others: its coefficient is not determined.
    Collinear,
    /// The factors tell those with the event from those without, wholly or at the border: coefficients grow without end.
    Separated,
    /// The search did not end.
    NotConverged,
}

impl fmt::Display for FitProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FitProblem::TooFew => "there are fewer courses than coefficients",
            FitProblem::NoVariation => "every course has the event, or none has",
            FitProblem::Collinear => "a factor is constant or follows from the others: leave one out",
            FitProblem::Separated => {
                "the factors separate those with the event from those without: merge levels or leave one out"
            }
            FitProblem::NotConverged => "the search for the maximum did not end",
        })
    }
}

impl std::error::Error for FitProblem {}

/// One coefficient, on the scale of log odds. The `Debug` form hides it.
#[derive(Clone, Copy, PartialEq)]
pub struct Coefficient {
    /// Change of the log odds by one unit of the factor.
    pub estimate: f64,
    /// From the inverse of the information matrix.
    pub standard_error: f64,
}

impl Coefficient {
    /// Wald's limits, `estimate -+ z SE`.
    pub fn wald(&self, level: ConfidenceLevel) -> Interval {
        Interval::around(self.estimate, level.z() * self.standard_error)
    }

    /// Two-sided p value of Wald's test.
    pub fn p_value(&self) -> Option<f64> {
        gamma_upper(0.5, (self.estimate / self.standard_error).powi(2) / 2.0)
    }
}

impl fmt::Debug for Coefficient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Coefficient(..)")
    }
}

/// A fitted model: `ln(p / (1 - p)) = b_0 + b_1 x_1 + ...`. The `Debug` form hides it.
#[derive(Clone, PartialEq)]
pub struct LogisticFit {
    coefficients: Vec<Coefficient>,
    data: Binomial,
    deviance: f64,
}

/// Courses by their factors: one row each of a one, the factors by their scale; how many, how many events.
#[derive(Clone, PartialEq)]
struct Binomial {
    design: DMatrix<f64>,
    n: DVector<f64>,
    events: DVector<f64>,
    /// What each column was divided by.
    scale: Vec<f64>,
}

/// The maximum of the likelihood, on the scale of the design.
struct Maximum {
    estimates: DVector<f64>,
    covariance: DMatrix<f64>,
    deviance: f64,
}

impl LogisticFit {
    /// Fits the model to courses.
    ///
    /// # Errors
    ///
    /// A [`FitProblem`], where the likelihood has no one maximum.
    pub fn of(courses: &CaseMix) -> Result<LogisticFit, FitProblem> {
        let data = Binomial::of(courses)?;
        let all: Vec<usize> = (0..data.design.ncols()).collect();
        let offset = DVector::zeros(data.design.nrows());
        let maximum = data.maximise(&all, &offset)?;
        let coefficients = all.iter().filter_map(|&column| {
            let scale = data.scale.get(column)?;
            Some(Coefficient {
                estimate: maximum.estimates.get(column)? / scale,
                standard_error: maximum.covariance.get((column, column))?.max(0.0).sqrt() / scale,
            })
        });
        Ok(LogisticFit { coefficients: coefficients.collect(), deviance: maximum.deviance, data })
    }

    /// The intercept, then one for each factor in its order.
    pub fn coefficients(&self) -> &[Coefficient] {
        &self.coefficients
    }

    /// The probability of the event for these factors; `None` if there are not as many as the model has, or one is no
    /// number.
    pub fn probability(&self, factors: &[f64]) -> Option<f64> {
        let (intercept, slopes) = self.coefficients.split_first()?;
        if slopes.len() != factors.len() || !factors.iter().all(|factor| factor.is_finite()) {
            return None;
        }
        let terms = slopes.iter().zip(factors).map(|(slope, factor)| slope.estimate * factor);
        Some(inverse_logit(intercept.estimate + terms.sum::<f64>()))
    }

    /// Profile-likelihood limits of a coefficient (0 is the intercept): values at which the deviance, with all others fitted
    /// anew, is larger by `z^2`. `None` where there is no such coefficient or a limit is not found.
    pub fn profile(&self, coefficient: usize, level: ConfidenceLevel) -> Option<Interval> {
        let Coefficient { estimate, standard_error } = *self.coefficients.get(coefficient)?;
        let allowed = level.z().powi(2);
        let scale = *self.data.scale.get(coefficient)?;
        let others: Vec<usize> = (0..self.coefficients.len()).filter(|&one| one != coefficient).collect();
        let excess = |value: f64| {
            let offset = self.data.design.column(coefficient) * (value * scale);
            self.data.maximise(&others, &offset).ok().map(|fit| fit.deviance - self.deviance - allowed)
        };
        let limit = |sign: f64| {
            let (mut inside, mut step) = (estimate, standard_error * level.z());
            let mut outside = estimate + sign * step;
            while excess(outside)? < 0.0 {
                inside = outside;
                step *= 2.0;
                outside += sign * step;
                if !outside.is_finite() {
                    return None;
                }
            }
            for _ in 0..HALVINGS {
                let middle = inside + (outside - inside) / 2.0;
                if (outside - inside).abs() <= 1e-10 * standard_error {
                    break;
                }
                if excess(middle)? < 0.0 { inside = middle } else { outside = middle }
            }
            Some(inside + (outside - inside) / 2.0)
        };
        Some(Interval { lower: limit(-1.0)?, upper: limit(1.0)? })
    }
}

impl Binomial {
    fn of(courses: &CaseMix) -> Result<Binomial, FitProblem> {
        let columns = courses.factors() + 1;
        if courses.n() < columns as u64 {
            return Err(FitProblem::TooFew);
        }
        if courses.events() == 0 || courses.events() == courses.n() {
            return Err(FitProblem::NoVariation);
        }
        let patterns: Vec<_> = courses.patterns().collect();
        let value = |row: usize, column: usize| match (patterns.get(row), column.checked_sub(1)) {
            (Some((factors, _, _)), Some(factor)) => factors.get(factor).copied().unwrap_or_default(),
            _ => 1.0,
        };
        let mut design = DMatrix::from_fn(patterns.len(), columns, value);
        let mut scale = vec![1.0];
        for mut column in design.column_iter_mut().skip(1) {
            let largest = column.amax();
            if largest <= 0.0 {
                return Err(FitProblem::Collinear);
            }
            column /= largest;
            scale.push(largest);
        }
        let n = DVector::from_iterator(patterns.len(), patterns.iter().map(|(_, n, _)| *n as f64));
        let events =
            DVector::from_iterator(patterns.len(), patterns.iter().map(|(_, _, events)| *events as f64));
        let data = Binomial { design, n, events, scale };
        if data.is_collinear() { Err(FitProblem::Collinear) } else { Ok(data) }
    }

    /// Whether a column follows from the others, up to rounding.
    fn is_collinear(&self) -> bool {
        // Centred: of factors far from zero, the common part would hide what tells them apart.
        let mut centred = self.design.clone();
        for mut column in centred.column_iter_mut().skip(1) {
            let mean = column.mean();
            column.add_scalar_mut(-mean);
            let length = column.norm();
            if length <= 1e-12 {
                return true;
            }
            column /= length;
        }
        let first = 1.0 / (self.design.nrows() as f64).sqrt();
        centred.column_mut(0).fill(first);
        let singular = centred.singular_values();
        singular.min() <= 1e-10 * singular.max()
    }

    /// Newton's method over some columns, the others being in the offset; steps are halved while the deviance grows.
    fn maximise(&self, columns: &[usize], offset: &DVector<f64>) -> Result<Maximum, FitProblem> {
        let design = self.design.select_columns(columns);
        let mut estimates = DVector::zeros(columns.len());
        let mut predictor = offset.clone();
        let mut deviance = self.deviance(&predictor);
        for _ in 0..STEPS {
            let fitted = predictor.map(inverse_logit);
            let weights = fitted.zip_map(&self.n, |p, n| n * p * (1.0 - p));
            let residual = &self.events - fitted.component_mul(&self.n);
            let weighted = DMatrix::from_fn(design.nrows(), design.ncols(), |row, column| {
                design.get((row, column)).zip(weights.get(row)).map_or(0.0, |(x, w)| x * w)
            });
            let information = design.transpose() * weighted;
            let Some(factored) = information.cholesky() else { return Err(self.problem(&predictor)) };
            let mut step = factored.solve(&(design.transpose() * residual));
            let mut moved = &design * &step;
            let mut next = self.deviance(&(&predictor + &moved));
            let tolerance = 1e-12 * deviance.abs().max(1.0);
            let mut halvings = 0;
            while (next.is_nan() || next > deviance + tolerance) && halvings < 40 {
                step /= 2.0;
                moved /= 2.0;
                next = self.deviance(&(&predictor + &moved));
                halvings += 1;
            }
            estimates += step;
            predictor += &moved;
            deviance = next;
            if predictor.amax() > SUSPICIOUS && self.is_separated() {
                return Err(FitProblem::Separated);
            }
            if moved.amax() <= CONVERGED * predictor.amax().max(1.0) {
                return Ok(Maximum { estimates, covariance: factored.inverse(), deviance });
            }
        }
        Err(self.problem(&predictor))
    }

    fn problem(&self, predictor: &DVector<f64>) -> FitProblem {
        let farthest = predictor.amax();
        if (farthest.is_nan() || farthest > SUSPICIOUS) && self.is_separated() {
            FitProblem::Separated
        } else {
            FitProblem::NotConverged
        }
    }

    /// Twice the log likelihood that is missing to a model which predicts every course.
    fn deviance(&self, predictor: &DVector<f64>) -> f64 {
        let rows = predictor.iter().zip(self.n.iter().zip(self.events.iter()));
        2.0 * rows.map(|(eta, (n, events))| n * softplus(*eta) - events * eta).sum::<f64>()
    }

    /// Whether some combination of the factors is nowhere on the wrong side and somewhere on the right one (Konis 2007): a
    /// linear program over the coefficients.
    fn is_separated(&self) -> bool {
        let mut program = Problem::new(OptimizationDirection::Maximize);
        let rows = self.design.row_iter().zip(self.n.iter().zip(self.events.iter()));
        let mut gain = vec![0.0; self.design.ncols()];
        let mut sides = Vec::new();
        for (row, (n, events)) in rows {
            let factors: Vec<f64> = row.iter().copied().collect();
            for (is_there, sign) in [(*events > 0.0, 1.0), (*events < *n, -1.0)] {
                if is_there {
                    gain.iter_mut().zip(&factors).for_each(|(gain, factor)| *gain += sign * factor);
                    sides.push((factors.clone(), sign));
                }
            }
        }
        let variables: Vec<_> = gain.iter().map(|gain| program.add_var(*gain, (-1.0, 1.0))).collect();
        for (factors, sign) in sides {
            let terms: Vec<_> =
                variables.iter().zip(factors).map(|(at, factor)| (*at, sign * factor)).collect();
            program.add_constraint(&terms, ComparisonOp::Ge, 0.0);
        }
        match program.solve() {
            Ok(SolveOutcome::Solution(solution)) => solution.objective() > 1e-7,
            _ => false,
        }
    }
}

fn inverse_logit(eta: f64) -> f64 {
    if eta >= 0.0 {
        1.0 / (1.0 + (-eta).exp())
    } else {
        let odds = eta.exp();
        odds / (1.0 + odds)
    }
}

/// `ln(1 + e^eta)`.
fn softplus(eta: f64) -> f64 {
    eta.max(0.0) + (-eta.abs()).exp().ln_1p()
}

impl fmt::Debug for LogisticFit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LogisticFit(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn courses(rows: &[(&[f64], u64, u64)]) -> CaseMix {
        let mut courses = CaseMix::new(rows[0].0.len());
        for (factors, events, others) in rows {
            (0..*events).for_each(|_| courses.add(factors, true).unwrap());
            (0..*others).for_each(|_| courses.add(factors, false).unwrap());
        }
        courses
    }

    #[test]
    fn one_factor_of_two_levels_gives_the_odds_ratio() {
        let fit = LogisticFit::of(&courses(&[(&[0.0], 20, 80), (&[1.0], 45, 55)])).unwrap();
        let slope = fit.coefficients()[1];
        assert!((slope.estimate - (45.0 * 80.0 / (55.0 * 20.0_f64)).ln()).abs() < 1e-10);
        let variance = 1.0 / 20.0 + 1.0 / 80.0 + 1.0 / 45.0 + 1.0 / 55.0_f64;
        assert!((slope.standard_error - variance.sqrt()).abs() < 1e-10);
        assert!((fit.probability(&[1.0]).unwrap() - 0.45).abs() < 1e-12);
        assert!(fit.probability(&[]).is_none() && fit.probability(&[f64::NAN]).is_none());
        assert!(fit.profile(2, ConfidenceLevel::P95).is_none());
    }

    #[test]
    fn each_problem_is_called_by_its_name() {
        let problem = |rows: &[(&[f64], u64, u64)]| LogisticFit::of(&courses(rows)).unwrap_err();
        assert_eq!(problem(&[(&[1.0], 1, 0)]), FitProblem::TooFew);
        assert_eq!(problem(&[(&[1.0], 5, 0), (&[2.0], 5, 0)]), FitProblem::NoVariation);
        assert_eq!(problem(&[(&[3.0], 5, 5)]), FitProblem::Collinear, "constant");
        assert_eq!(problem(&[(&[0.0], 5, 5), (&[0.0], 1, 1)]), FitProblem::Collinear, "zero");
        let doubled: &[(&[f64], u64, u64)] = &[(&[1.0, 2.0], 5, 4), (&[2.0, 4.0], 3, 6), (&[4.0, 8.0], 2, 2)];
        assert_eq!(problem(doubled), FitProblem::Collinear);
        assert_eq!(
            problem(&[(&[1.0], 0, 9), (&[2.0], 0, 9), (&[3.0], 9, 0)]),
            FitProblem::Separated,
            "wholly"
        );
        assert_eq!(
            problem(&[(&[1.0], 0, 9), (&[2.0], 4, 9), (&[3.0], 9, 0)]),
            FitProblem::Separated,
            "at the border"
        );
        // A level in which all had the event.
        assert_eq!(problem(&[(&[0.0], 9, 9), (&[1.0], 9, 0)]), FitProblem::Separated);
    }

    #[test]
    fn factors_far_from_zero_and_of_other_units_give_the_same_fit() {
        let rows: &[(&[f64], u64, u64)] = &[(&[1.0], 3, 9), (&[2.0], 5, 7), (&[3.0], 8, 3)];
        let far: &[(&[f64], u64, u64)] = &[(&[1_010.0], 3, 9), (&[1_020.0], 5, 7), (&[1_030.0], 8, 3)];
        let (near, far) = (LogisticFit::of(&courses(rows)).unwrap(), LogisticFit::of(&courses(far)).unwrap());
        assert!((near.coefficients()[1].estimate / 10.0 - far.coefficients()[1].estimate).abs() < 1e-9);
        assert!((near.probability(&[2.0]).unwrap() - far.probability(&[1_020.0]).unwrap()).abs() < 1e-9);
    }
}
