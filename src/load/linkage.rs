//! The forms compared with each other: keys, courses, and the unit on the day of the visit.

use std::collections::{HashMap, HashSet};

use super::check::{CheckedForm, FinalRow};
use super::findings::{FindingKind, Findings};
use crate::schema::{Codebook, Date, Purpose};

/// Notes what does not fit together; no row is changed or left out.
pub(super) fn compare(codebook: &Codebook, forms: &[CheckedForm<'_>], findings: &mut Findings) {
    for form in forms {
        note_duplicate_keys(form, findings);
        note_duplicate_forms(form, findings);
    }
    let courses = courses_with(forms, Purpose::Course);
    let baselines = courses_with(forms, Purpose::Baseline);
    for form in forms {
        if form.source.form.purpose == Purpose::Course {
            note_unlinked(form, &baselines, FindingKind::CourseWithoutBaseline, findings);
            note_units_outside_their_period(codebook, form, findings);
        } else {
            note_unlinked(form, &courses, FindingKind::FormWithoutCourse, findings);
        }
    }
}

/// The courses that have a form of this purpose.
fn courses_with(forms: &[CheckedForm<'_>], purpose: Purpose) -> HashSet<u128> {
    let fitting = forms.iter().filter(|form| form.source.form.purpose == purpose);
    fitting.flat_map(|form| form.rows.iter().filter_map(|row| row.course)).collect()
}

fn note(form: &CheckedForm<'_>, row: &FinalRow, variable: &str, kind: FindingKind, findings: &mut Findings) {
    findings.note_row(row.patient, form.source.finding(kind).of_variable(variable).at_line(row.line));
}

fn note_duplicate_keys(form: &CheckedForm<'_>, findings: &mut Findings) {
    let mut seen = HashSet::new();
    for row in &form.rows {
        if row.key.is_some_and(|key| !seen.insert(key)) {
            note(form, row, &form.source.form.key, FindingKind::DuplicateKey, findings);
        }
    }
}

/// Every form of a course but the one with the latest date; of one day, but the last in the file.
fn note_duplicate_forms(form: &CheckedForm<'_>, findings: &mut Findings) {
    let declared = form.source.form;
    if declared.key == declared.course {
        return;
    }
    let mut counting: HashMap<u128, (Option<Date>, usize)> = HashMap::new();
    for (position, row) in form.rows.iter().enumerate() {
        let Some(course) = row.course else { continue };
        let candidate = (row.date, position);
        let best = counting.entry(course).or_insert(candidate);
        *best = candidate.max(*best);
    }
    for (position, row) in form.rows.iter().enumerate() {
        let counts =
            row.course.and_then(|course| counting.get(&course)).is_none_or(|best| best.1 == position);
        if !counts {
            note(form, row, &declared.course, FindingKind::DuplicateForm, findings);
        }
    }
}

fn note_unlinked(
    form: &CheckedForm<'_>,
    partners: &HashSet<u128>,
    kind: FindingKind,
    findings: &mut Findings,
) {
    for row in &form.rows {
        if row.course.is_none_or(|course| !partners.contains(&course)) {
            note(form, row, &form.source.form.course, kind, findings);
        }
    }
}

fn note_units_outside_their_period(codebook: &Codebook, form: &CheckedForm<'_>, findings: &mut Findings) {
    let Some(variable) = &form.source.form.unit else { return };
    let Ok(codes) = form.frame.column(variable).and_then(|column| column.i64()) else { return };
    for (row, code) in form.rows.iter().zip(codes.iter()) {
        let node = code.and_then(|code| codebook.units().node_of_code(code));
        if let (Some(node), Some(visit)) = (node, row.date)
            && !node.existed(visit, visit)
        {
            note(form, row, variable, FindingKind::UnitOutsidePeriod, findings);
        }
    }
}
