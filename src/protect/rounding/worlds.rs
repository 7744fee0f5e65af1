//! Whole-number worlds behind rounded counts: what each count can be, by integer programs around it.
//!
//! A world gives every count a value and, where small counts were rounded, the value it was rounded to. Which worlds fit is
//! checked in whole numbers, however they were found; only that there is *nothing beyond* an end rests on the solver.
//!
//! A numeric kernel: it indexes by the numbers of counts and lines that it was given together.
#![allow(clippy::indexing_slicing)]

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use microlp::{
    ComparisonOp, OptimizationDirection, Problem as Program, Solution, SolutionStatus, SolveOptions,
    SolveOutcome, Variable,
};

/// Counts around a target that may differ from the truth in a program; the others are held at it.
const NEAR: usize = 60;
/// Up to so many targets, both ends of each are looked for; beyond it only whether a second world exists.
const ALL_ENDS: usize = 500;
/// Branches of one integer program.
const BRANCHES: u64 = 1_000;

/// A count, and what it is rounded to before it is added up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) count: i64,
    pub(super) rounded: i64,
}

/// What a reader knows of one count by itself.
#[derive(Clone, Copy)]
pub(super) enum Knowledge {
    /// It lies between two bounds; what it is rounded to is known and does not matter further.
    Between { least: i64, most: i64 },
    /// It was treated by small count rounding with an unknown result, which is at most `rounded`; itself it is at most `most`.
    Behind { rounded: i64, most: i64 },
}

/// Which of a pair a line adds up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    True,
    Rounded,
}

/// A sum that a reader knows: factors times counts. Lines of rounded values hold counts that are [`Knowledge::Behind`] only.
pub(super) struct Sum {
    pub(super) side: Side,
    pub(super) terms: Vec<(usize, i64)>,
    pub(super) total: i64,
}

/// What is printed, as far as it says anything about the truth.
pub(super) struct Puzzle {
    base: i64,
    truth: Vec<Pair>,
    knowledge: Vec<Knowledge>,
    sums: Vec<Sum>,
    sums_of: Vec<Vec<usize>>,
    /// Where small counts may stay as they are: every sum that such a count is part of is at least the base.
    groups: Vec<Vec<usize>>,
    groups_of: Vec<Vec<usize>>,
}

/// What was found about a target: bounds, values in worlds, and whether each bound is the end.
pub(super) struct Found {
    pub(super) least: i64,
    pub(super) most: i64,
    pub(super) is_exact: bool,
    pub(super) has_two_worlds: bool,
}

/// The same while it is looked for.
struct Range {
    cells: Vec<usize>,
    bounds: (i64, i64),
    seen: (i64, i64),
}

/// How a count and its rounded value are made of a program's variables.
struct Form {
    count: Vec<(Variable, i64)>,
    rounded: Vec<(Variable, i64)>,
    kept: Option<Variable>,
}

/// A world as far as it may differ from the truth.
type World = BTreeMap<usize, Pair>;

impl Puzzle {
    /// `groups` is empty where no small count may stay as it is.
    pub(super) fn new(
        base: i64,
        truth: Vec<Pair>,
        knowledge: Vec<Knowledge>,
        sums: Vec<Sum>,
        groups: Vec<Vec<usize>>,
    ) -> Self {
        let mut sums_of = vec![Vec::new(); truth.len()];
        // The narrowest first: what moves with a count is looked for there.
        let mut order: Vec<usize> = (0..sums.len()).collect();
        order.sort_by_key(|number| sums[*number].terms.len());
        for number in order {
            for (cell, _) in &sums[number].terms {
                sums_of[*cell].push(number);
            }
        }
        let mut groups_of = vec![Vec::new(); truth.len()];
        for (number, group) in groups.iter().enumerate() {
            for cell in group {
                groups_of[*cell].push(number);
            }
        }
        Self { base, truth, knowledge, sums, sums_of, groups, groups_of }
    }

    /// What a reader can find out about the sum of each target's counts.
    pub(super) fn ranges(&self, targets: Vec<Vec<usize>>) -> Vec<Found> {
        let mut ranges: Vec<Range> = targets.into_iter().map(|cells| self.range(cells)).collect();
        let mut ranges_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, range) in ranges.iter().enumerate() {
            for cell in &range.cells {
                ranges_of.entry(*cell).or_default().push(number);
            }
        }
        let wants_all_ends = ranges.iter().filter(|range| range.bounds != range.seen).count() <= ALL_ENDS;
        for target in 0..ranges.len() {
            let mut near = None;
            for direction in [OptimizationDirection::Minimize, OptimizationDirection::Maximize] {
                let Range { bounds, seen, .. } = ranges[target];
                let is_settled = match direction {
                    OptimizationDirection::Minimize => bounds.0 == seen.0,
                    OptimizationDirection::Maximize => bounds.1 == seen.1,
                };
                if is_settled || (seen.0 < seen.1 && !wants_all_ends) {
                    continue;
                }
                let cells = &ranges[target].cells;
                let near = near.get_or_insert_with(|| self.near(cells));
                let Some((world, is_end)) = self.furthest(near, cells, direction) else {
                    continue;
                };
                self.record(&world, &ranges_of, &mut ranges);
                if is_end {
                    let value = self.value(&ranges[target].cells, &world);
                    match direction {
                        OptimizationDirection::Minimize => ranges[target].bounds.0 = value,
                        OptimizationDirection::Maximize => ranges[target].bounds.1 = value,
                    }
                }
            }
        }
        let found = |range: Range| Found {
            least: range.bounds.0,
            most: range.bounds.1,
            is_exact: range.bounds == range.seen,
            has_two_worlds: range.seen.0 < range.seen.1,
        };
        ranges.into_iter().map(found).collect()
    }

    /// Bounds from each count by itself. Counts that nothing else is known of reach them together.
    fn range(&self, cells: Vec<usize>) -> Range {
        let bounds = cells.iter().fold((0_i64, 0_i64), |(least, most), cell| match self.knowledge[*cell] {
            Knowledge::Between { least: low, most: high } => (least + low, most.saturating_add(high)),
            Knowledge::Behind { most: high, .. } => (least, most.saturating_add(high)),
        });
        let is_alone = |cell: &usize| {
            let is_bounded = matches!(self.knowledge[*cell], Knowledge::Between { .. });
            is_bounded && self.sums_of[*cell].is_empty() && self.groups_of[*cell].is_empty()
        };
        let truth = cells.iter().map(|cell| self.truth[*cell].count).sum::<i64>();
        let seen = if cells.iter().all(is_alone) { bounds } else { (truth, truth) };
        Range { cells, bounds, seen }
    }

    fn is_fixed(&self, cell: usize) -> bool {
        matches!(self.knowledge[cell], Knowledge::Between { least, most } if least == most)
    }

    /// Counts that may move together with some, nearest first, and whether these are all of them.
    fn near(&self, cells: &[usize]) -> (BTreeSet<usize>, bool) {
        let mut near = BTreeSet::new();
        let mut queue = VecDeque::new();
        let mut enter = |members: &mut dyn Iterator<Item = usize>, queue: &mut VecDeque<usize>| {
            for cell in members {
                if self.is_fixed(cell) || near.contains(&cell) {
                    continue;
                }
                if near.len() == NEAR {
                    return false;
                }
                near.insert(cell);
                queue.push_back(cell);
            }
            true
        };
        let mut is_all = enter(&mut cells.iter().copied(), &mut queue);
        while let Some(cell) = queue.pop_front() {
            let sums = self.sums_of[cell].iter().map(|sum| &self.sums[*sum]);
            for sum in sums {
                is_all = is_all && enter(&mut sum.terms.iter().map(|(member, _)| *member), &mut queue);
            }
            for group in &self.groups_of[cell] {
                is_all = is_all && enter(&mut self.groups[*group].iter().copied(), &mut queue);
            }
        }
        (near, is_all)
    }

    /// The world in which the sum of the target's counts is least or greatest, and whether none is beyond it.
    fn furthest(
        &self,
        (near, is_all): &(BTreeSet<usize>, bool),
        target: &[usize],
        direction: OptimizationDirection,
    ) -> Option<(World, bool)> {
        let mut program = Program::new(direction);
        let mut forms = BTreeMap::new();
        for cell in near {
            forms.insert(*cell, self.form(*cell, target.contains(cell), &mut program)?);
        }
        for number in touched(near, &self.sums_of) {
            let sum = &self.sums[number];
            let mut terms = Vec::new();
            let mut rest = sum.total;
            for (cell, factor) in &sum.terms {
                match (forms.get(cell), sum.side) {
                    (Some(form), Side::True) => terms.extend(scaled(&form.count, *factor)),
                    (Some(form), Side::Rounded) => terms.extend(scaled(&form.rounded, *factor)),
                    (None, side) => rest -= factor * self.truth[*cell].on(side),
                }
            }
            program.add_constraint(&terms, ComparisonOp::Eq, rest as f64);
        }
        for number in touched(near, &self.groups_of) {
            self.keep_apart(number, &forms, &mut program);
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(BRANCHES);
        let SolveOutcome::Solution(solution) = program.solve_with(options).ok()? else { return None };
        let world: World = forms.iter().map(|(cell, form)| (*cell, form.read(&solution))).collect();
        let is_end = *is_all && solution.status() == SolutionStatus::Optimal;
        self.holds(&world).then_some((world, is_end))
    }

    /// A sum with a small count that stays as it is comes to at least the base.
    fn keep_apart(&self, group: usize, forms: &BTreeMap<usize, Form>, program: &mut Program) {
        let sum = program.add_var(0.0, (0.0, f64::INFINITY));
        let mut terms = vec![(sum, -1.0)];
        let mut rest = 0_i64;
        let mut least = 0_i64;
        for cell in &self.groups[group] {
            let kept = match forms.get(cell) {
                Some(form) => {
                    terms.extend(scaled(&form.count, 1));
                    form.kept
                }
                None => {
                    rest += self.truth[*cell].count;
                    least = least.max(if self.is_kept(self.truth[*cell]) { self.base } else { 0 });
                    None
                }
            };
            if let Some(kept) = kept {
                program.add_constraint([(sum, 1.0), (kept, -(self.base as f64))], ComparisonOp::Ge, 0.0);
            }
        }
        program.add_constraint(&terms, ComparisonOp::Eq, -(rest as f64));
        program.add_constraint([(sum, 1.0)], ComparisonOp::Ge, least as f64);
    }

    /// Variables for a count; none where its bounds are too large for an integer program.
    fn form(&self, cell: usize, is_target: bool, program: &mut Program) -> Option<Form> {
        let weight = if is_target { 1.0 } else { 0.0 };
        let mut whole = |factor: i64, least: i64, most: i64| {
            let bounds = (i32::try_from(least).ok()?, i32::try_from(most).ok()?);
            Some(program.add_integer_var(weight * factor as f64, bounds))
        };
        let rounded = match self.knowledge[cell] {
            Knowledge::Behind { rounded, .. } => rounded,
            Knowledge::Between { least, most } => {
                let count = vec![(whole(1, least, most)?, 1)];
                return Some(Form { count, rounded: Vec::new(), kept: None });
            }
        };
        let base = self.base;
        let stays = i64::from(!self.groups.is_empty());
        // A small count goes up to the base, or down to 0 with `small` as what it was; a count of the base and above is not
        // small and prints as it is; a small count may stay where groups say so.
        let small = whole(1, 0, base)?;
        let up = whole(0, 0, i64::from(rounded >= base))?;
        let large = whole(base + 1, 0, i64::from(rounded > base))?;
        let above = whole(1, 0, (rounded - base - 1).max(0))?;
        let kept = whole(0, 0, stays)?;
        let kept_count = whole(1, 0, stays * rounded.min(base - 1))?;
        let far = (rounded - base - 1).max(0) as f64;
        let (one, below) = (1.0, (base - 1) as f64);
        program.add_constraint([(up, one), (large, one), (kept, one)], ComparisonOp::Le, 1.0);
        if far > 0.0 {
            program.add_constraint([(above, one), (large, -far)], ComparisonOp::Le, 0.0);
        }
        program.add_constraint([(small, one), (up, -one)], ComparisonOp::Ge, 0.0);
        let small_only = [(small, one), (up, -one), (large, below), (kept, below)];
        program.add_constraint(small_only, ComparisonOp::Le, below);
        program.add_constraint([(kept_count, one), (kept, -below)], ComparisonOp::Le, 0.0);
        program.add_constraint([(kept_count, one), (kept, -one)], ComparisonOp::Ge, 0.0);
        Some(Form {
            count: vec![(small, 1), (large, base + 1), (above, 1), (kept_count, 1)],
            rounded: vec![(up, base), (large, base + 1), (above, 1), (kept_count, 1)],
            kept: Some(kept),
        })
    }

    /// Whether a count stays as it is though it is small.
    fn is_kept(&self, pair: Pair) -> bool {
        0 < pair.rounded && pair.rounded < self.base
    }

    fn pair(&self, cell: usize, world: &World) -> Pair {
        world.get(&cell).copied().unwrap_or(self.truth[cell])
    }

    fn value(&self, cells: &[usize], world: &World) -> i64 {
        cells.iter().map(|cell| self.pair(*cell, world).count).sum()
    }

    /// Whether a world fits everything printed. Whole-number arithmetic only.
    fn holds(&self, world: &World) -> bool {
        let is_possible = world.iter().all(|(cell, pair)| match self.knowledge[*cell] {
            Knowledge::Between { least, most } => (least..=most).contains(&pair.count),
            Knowledge::Behind { .. } => self.could_print(*pair),
        });
        let cells: BTreeSet<usize> = world.keys().copied().collect();
        let adds_up = touched(&cells, &self.sums_of).into_iter().all(|number| {
            let sum = &self.sums[number];
            let value = |cell: usize| i128::from(self.pair(cell, world).on(sum.side));
            let total: i128 = sum.terms.iter().map(|(cell, factor)| i128::from(*factor) * value(*cell)).sum();
            total == i128::from(sum.total)
        });
        let keeps_apart = touched(&cells, &self.groups_of).into_iter().all(|number| {
            let group = &self.groups[number];
            let has_kept = group.iter().any(|cell| self.is_kept(self.pair(*cell, world)));
            !has_kept || self.value(group, world) >= self.base
        });
        is_possible && adds_up && keeps_apart
    }

    /// Whether small count rounding can turn a count into this.
    fn could_print(&self, pair: Pair) -> bool {
        let is_small = 0 < pair.count && pair.count < self.base;
        let stays = pair.count == pair.rounded && (!is_small || !self.groups.is_empty());
        pair.count >= 0 && (stays || (is_small && [0, self.base].contains(&pair.rounded)))
    }

    /// A world shows a value of every target that it changes.
    fn record(&self, world: &World, ranges_of: &BTreeMap<usize, Vec<usize>>, ranges: &mut [Range]) {
        let shown: BTreeSet<usize> =
            world.keys().filter_map(|cell| ranges_of.get(cell)).flatten().copied().collect();
        for range in shown {
            let value = self.value(&ranges[range].cells, world);
            let (least, most) = ranges[range].seen;
            ranges[range].seen = (least.min(value), most.max(value));
        }
    }
}

impl Pair {
    fn on(self, side: Side) -> i64 {
        match side {
            Side::True => self.count,
            Side::Rounded => self.rounded,
        }
    }
}

impl Form {
    fn read(&self, solution: &Solution) -> Pair {
        let value = |terms: &[(Variable, i64)]| -> i64 {
            terms.iter().map(|(variable, factor)| factor * solution[*variable].round() as i64).sum()
        };
        // Where the rounded value is known it enters no line.
        Pair { count: value(&self.count), rounded: value(&self.rounded) }
    }
}

fn scaled(terms: &[(Variable, i64)], factor: i64) -> impl Iterator<Item = (Variable, f64)> {
    terms.iter().map(move |(variable, weight)| (*variable, (factor * weight) as f64))
}

/// The lines that some counts are part of, each once.
fn touched(cells: &BTreeSet<usize>, lines_of: &[Vec<usize>]) -> BTreeSet<usize> {
    cells.iter().flat_map(|cell| lines_of[*cell].iter().copied()).collect()
}
