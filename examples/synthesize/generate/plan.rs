//! Who comes when: every course with its unit, visit day and patient, before any answer is drawn.

use super::Options;
use super::calendar;
use super::draw::{Draw, Purpose};
use super::profile::{self, Unit};

/// A planned course.
#[derive(Clone)]
pub struct Course {
    pub number: u64,
    pub unit: &'static Unit,
    pub year: i32,
    /// Day of the visit.
    pub visit: i64,
    pub patient: Patient,
}

/// A patient is known by the first course.
#[derive(Clone)]
pub struct Patient {
    pub number: u64,
    pub unit: &'static Unit,
    pub first_visit: i64,
}

/// The value of a year with printed figures that stands for this year.
pub fn of_year<T: Copy>(values: &[T; 3], year: i32) -> T {
    let (first, last) = profile::COUNTED_YEARS;
    let [early, middle, late] = *values;
    match year.clamp(first, last) - first {
        0 => early,
        1 => middle,
        _ => late,
    }
}

/// Every course of the years asked for, by unit and visit day.
pub fn courses(options: &Options) -> Vec<Course> {
    let years = options.first_year..=options.last_year;
    let full: u64 = years
        .clone()
        .flat_map(|year| profile::UNITS.iter().map(move |unit| u64::from(of_year(&unit.courses, year))))
        .sum();
    let scale = options.courses as f64 / full.max(1) as f64;
    let mut planned: Vec<Course> = Vec::new();
    for unit in &profile::UNITS {
        let mut visits: Vec<(i64, i32)> = Vec::new();
        for year in years.clone() {
            let stream = u64::from(unit.code) * 10_000 + u64::from(year.unsigned_abs());
            let mut draw = Draw::new(options.seed, Purpose::Visits, stream);
            let count = scaled(of_year(&unit.courses, year), scale);
            visits.extend((0..count).map(|_| (visit_day(&mut draw, year), year)));
        }
        visits.sort_unstable();
        let mut draw = Draw::new(options.seed, Purpose::Returns, u64::from(unit.code));
        let first_of_unit = planned.len();
        for (visit, year) in visits {
            let number = planned.len() as u64 + 1;
            let patient = earlier_patient(&mut draw, &planned, first_of_unit, visit).unwrap_or(Patient {
                number,
                unit,
                first_visit: visit,
            });
            planned.push(Course { number, unit, year, visit, patient });
        }
    }
    planned
}

/// The number of courses at this scale; a unit that exists keeps a few, so that small cells occur.
fn scaled(courses: u32, scale: f64) -> usize {
    if courses == 0 {
        0
    } else {
        ((f64::from(courses) * scale).round() as usize).max(profile::FEWEST_COURSES)
    }
}

/// A day of the year, rarely at a weekend.
fn visit_day(draw: &mut Draw, year: i32) -> i64 {
    let first = calendar::day(year, 1, 1);
    let days = calendar::day(year + 1, 1, 1) - first;
    let mut day = first;
    for _ in 0..6 {
        day = first + draw.below(days as usize) as i64;
        if !calendar::is_weekend(day) {
            break;
        }
    }
    day
}

/// A patient of an earlier course who comes back, mostly to the same unit.
fn earlier_patient(draw: &mut Draw, planned: &[Course], first_of_unit: usize, visit: i64) -> Option<Patient> {
    if !draw.chance(profile::RETURNING) {
        return None;
    }
    let same_unit = draw.chance(0.9);
    // Some earlier courses are too close in time; a few tries keep the share of returning patients near its target.
    for _ in 0..8 {
        let candidates = if same_unit { planned.get(first_of_unit..)? } else { planned };
        let candidate = candidates.get(draw.below(candidates.len()))?;
        if candidate.visit + profile::BETWEEN_COURSES <= visit {
            return Some(candidate.patient.clone());
        }
    }
    None
}
