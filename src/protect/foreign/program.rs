//! One component as a linear or whole-number program.
//!
//! Over the whole numbers every answer is checked elsewhere by exact arithmetic; how it was found is no part of a proof. A
//! numeric kernel: it indexes by the numbers of one component.
#![allow(clippy::indexing_slicing)]

use microlp::{
    ComparisonOp, OptimizationDirection, Problem as Program, SolutionStatus, SolveOptions, SolveOutcome,
    Variable,
};

use crate::error::Error;

/// What the cells of a component must meet, each counted from its lower bound.
pub(super) struct System {
    /// How far each cell can be above its lower bound; `None` where nothing limits it.
    pub(super) room: Vec<Option<i128>>,
    pub(super) rows: Vec<Row>,
}

/// A relation within the component: known cells and lower bounds are taken off its sides.
pub(super) struct Row {
    pub(super) relation: usize,
    pub(super) terms: Vec<(usize, i128)>,
    pub(super) least: Option<i128>,
    pub(super) most: Option<i128>,
}

/// What is asked of a program.
pub(super) struct Question<'q> {
    pub(super) direction: OptimizationDirection,
    pub(super) weights: &'q [f64],
    /// How many of the rows are held to.
    pub(super) rows: usize,
    /// Whole numbers, within so many nodes of branch and bound.
    pub(super) node_limit: Option<u64>,
}

/// What a program came to.
pub(super) enum Answer {
    /// A world, and whether it was shown that none is better.
    World(Vec<f64>, bool),
    Unbounded,
    /// No world fits.
    Impossible,
    /// None was found within the limit.
    OutOfReach,
}

impl System {
    /// Whether whole numbers fit every relation and bound: exact arithmetic only.
    pub(super) fn fits(&self, world: &[i128]) -> bool {
        let within = |sum: i128, least: Option<i128>, most: Option<i128>| {
            least.is_none_or(|least| sum >= least) && most.is_none_or(|most| sum <= most)
        };
        let has_room = world.iter().zip(&self.room).all(|(value, room)| within(*value, Some(0), *room));
        has_room
            && self.rows.iter().all(|row| {
                let sum: i128 = row.terms.iter().map(|(at, factor)| world[*at] * factor).sum();
                within(sum, row.least, row.most)
            })
    }

    pub(super) fn ask(&self, question: &Question<'_>) -> Result<Answer, Error> {
        let (program, variables) = self.program(question)?;
        let mut options = SolveOptions::default();
        options.node_limit = question.node_limit;
        let outcome = match program.solve_with(options.clone()) {
            // Numerically stuck: once more without simplifying first.
            Err(microlp::Error::InternalError(_)) => {
                options.presolve = false;
                program.solve_with(options)
            }
            outcome => outcome,
        };
        match outcome {
            Ok(SolveOutcome::Solution(solution)) => {
                let world = variables.iter().map(|variable| solution[*variable]).collect();
                Ok(Answer::World(world, solution.status() == SolutionStatus::Optimal))
            }
            Ok(SolveOutcome::Interrupted(_)) => Ok(Answer::OutOfReach),
            Err(microlp::Error::Infeasible) => Ok(Answer::Impossible),
            Err(microlp::Error::Unbounded) => Ok(Answer::Unbounded),
            Err(_) if question.node_limit.is_some() => Ok(Answer::OutOfReach),
            Err(_) => Err(gave_up()),
        }
    }

    fn program(&self, question: &Question<'_>) -> Result<(Program, Vec<Variable>), Error> {
        let mut program = Program::new(question.direction);
        let mut variables = Vec::with_capacity(self.room.len());
        for (weight, room) in question.weights.iter().zip(&self.room) {
            variables.push(match (question.node_limit, room) {
                // Whole numbers of the solver end at 2^31: worlds with larger ones are not looked for.
                (Some(_), room) => {
                    let most = room.and_then(|room| i32::try_from(room).ok()).unwrap_or(i32::MAX);
                    program.add_integer_var(*weight, (0, most))
                }
                (None, Some(room)) => program.add_var(*weight, (0.0, float(*room)?)),
                (None, None) => program.add_var(*weight, (0.0, f64::INFINITY)),
            });
        }
        for row in self.rows.iter().take(question.rows) {
            let mut terms = Vec::with_capacity(row.terms.len());
            for (at, factor) in &row.terms {
                terms.push((variables[*at], float(*factor)?));
            }
            match (row.least, row.most) {
                (Some(least), Some(most)) if least == most => {
                    program.add_constraint(&terms, ComparisonOp::Eq, float(least)?);
                }
                (least, most) => {
                    if let Some(least) = least {
                        program.add_constraint(&terms, ComparisonOp::Ge, float(least)?);
                    }
                    if let Some(most) = most {
                        program.add_constraint(&terms, ComparisonOp::Le, float(most)?);
                    }
                }
            }
        }
        Ok((program, variables))
    }
}

/// The solver did not come to an answer.
pub(super) fn gave_up() -> Error {
    Error::refusal("the feasible intervals could not be computed: the solver gave up")
}

/// A whole number that a float holds exactly.
fn float(number: i128) -> Result<f64, Error> {
    if number.unsigned_abs() > 1 << 53 {
        return Err(Error::policy("a number of the tables is too large to be checked"));
    }
    Ok(number as f64)
}
