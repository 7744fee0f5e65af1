//! English.

use super::{Depicted, Picture, Words, listed, sentence};
use crate::render::numbers::{count, shortest, shortest_percent};
use crate::schema::{Date, Head, Label, Language, Note};

const EN: Language = Language::English;

pub(super) const WORDS: Words = Words {
    protected: "protected",
    protected_explained: "Protected for reasons of privacy.",
    unreliable: "too few answers",
    unreliable_explained: "Not shown: rests on too few patients to be compared.",
    low_coverage: "low coverage",
    low_coverage_short: "low cov.",
    low_coverage_explained: "Not shown: the unit has low coverage.",
    not_applicable: "no data",
    not_applicable_explained: "No data to show.",
    row_kind: "row kind",
    item: "item",
    subtotal: "subtotal",
    total: "total",
    lower: "lower",
    upper: "upper",
    contents: "Contents",
    table: "Table",
    figure: "Figure",
    about_privacy: "About privacy",
    numbers_of_the_figure: "The numbers of the figure",
    request: "About the request",
    requester: "Requester",
    purpose: "Purpose",
    contact: "Contact",
    extracted: "Data extracted",
    policy: "Privacy rules",
    n: "N",
    goal_reached: "Goal reached",
    minimum_reached: "Minimum reached",
    nothing_to_draw: "No number can be shown.",
};

pub(super) fn head(head: Head) -> String {
    match head {
        Head::Patients => "Patients".to_owned(),
        Head::Courses => "Courses".to_owned(),
        Head::Forms => "Forms".to_owned(),
        Head::N => "N".to_owned(),
        Head::Share => "Share".to_owned(),
        Head::Mean => "Mean".to_owned(),
        Head::StandardDeviation => "SD".to_owned(),
        Head::Median => "Median".to_owned(),
        Head::Quartiles => "Quartiles".to_owned(),
        Head::MeanChange => "Change".to_owned(),
        Head::StandardisedResponseMean => "SRM".to_owned(),
        Head::EffectSize => "Effect size".to_owned(),
        Head::Interval { percent } => format!("{} CI", shortest_percent(percent, EN)),
    }
}

pub(super) fn note(note: &Note) -> String {
    match note {
        Note::Definition(definition) => sentence(definition.text(EN)),
        Note::Indicator { label, definition, source } => format!(
            "{}: {} Source of the definition: {}",
            label.text(EN),
            sentence(definition.text(EN)),
            sentence(source)
        ),
        Note::Visits { first, last } => {
            format!("Visits from {} to {}, both days included.", first.text(), last.text())
        }
        Note::Due { months, first, last } => format!(
            "Follow-ups {months} months after the visit that were due from {} to {}, both days included.",
            first.text(),
            last.text()
        ),
        Note::AllVisits => "All visits of the register.".to_owned(),
        Note::CountsCourses => "Each course of treatment counts.".to_owned(),
        Note::CountsPatients => {
            "Each patient counts once, with the newest course of treatment in the period.".to_owned()
        }
        Note::CountsForms(form) => format!("Each form of this kind counts: {}", sentence(form.text(EN))),
        Note::Only { variable, levels } => {
            let levels: Vec<String> = levels.iter().map(|level| level.text(EN).to_owned()).collect();
            format!("Only {}: {}", variable.text(EN), sentence(&listed(&levels, "or")))
        }
        Note::AnsweredAt { instrument, months } => {
            let times: Vec<String> = months.iter().map(|months| time(*months)).collect();
            format!("Only patients who answered {} {}.", instrument.text(EN), listed(&times, "and"))
        }
        Note::ImprovedByAtLeast { instrument, points, months } => format!(
            "Improved means {} at least {} points better {} than {}.",
            instrument.text(EN),
            shortest(*points, EN),
            time(months.1),
            time(months.0)
        ),
        Note::ImprovedByPercent { instrument, percent, months } => format!(
            "Improved means {} at least {} better {} than {}; where the first value is zero, improvement is \
             not defined.",
            instrument.text(EN),
            shortest_percent(*percent, EN),
            time(months.1),
            time(months.0)
        ),
        Note::AtMost { instrument, points, months } => {
            format!(
                "Counts when {} is at most {} {}.",
                instrument.text(EN),
                shortest(*points, EN),
                time(*months)
            )
        }
        Note::AtLeast { instrument, points, months } => {
            format!(
                "Counts when {} is at least {} {}.",
                instrument.text(EN),
                shortest(*points, EN),
                time(*months)
            )
        }
        Note::MissingItems { instrument, policy, value_set } => {
            missing_items(instrument, policy, value_set.as_ref())
        }
        Note::ShareInterval { method } => {
            format!("Confidence intervals of shares are {}.", interval_method(method))
        }
        Note::StudentInterval => "Confidence intervals of means use Student's t distribution.".to_owned(),
        Note::MedianInterval => {
            "Confidence intervals of medians are order statistics (binomial ranks).".to_owned()
        }
        Note::StandardisedResponseMean => {
            "SRM is the mean change divided by the standard deviation of the changes.".to_owned()
        }
        Note::EffectSize => {
            "Effect size is the mean change divided by the standard deviation of the first scores.".to_owned()
        }
        Note::MultipleAnswers => "Several answers are possible, so the shares do not add to 100%.".to_owned(),
    }
}

fn interval_method(method: &str) -> &str {
    match method {
        "wilson" => "Wilson's",
        "wilson_cc" => "Wilson's with continuity correction",
        "clopper_pearson" => "Clopper and Pearson's (exact)",
        "jeffreys" => "Jeffreys's",
        "agresti_coull" => "Agresti and Coull's",
        "wald" => "normal approximations (Wald)",
        other => other,
    }
}

fn time(months: u32) -> String {
    match months {
        0 => "at the visit".to_owned(),
        1 => "after 1 month".to_owned(),
        months => format!("after {months} months"),
    }
}

fn missing_items(instrument: &Label, policy: &str, value_set: Option<&Label>) -> String {
    let instrument = instrument.text(EN);
    let rule = match (policy, policy.strip_prefix("min")) {
        ("complete", _) => format!("{instrument} is scored only where every question is answered."),
        ("prorate_any", _) => format!("{instrument} is scored from the questions that are answered."),
        ("max1_missing_prorate", _) => format!(
            "{instrument} is scored where at most one question is unanswered; it then gets the mean of the others."
        ),
        (_, Some(items)) => format!("{instrument} is scored where at least {items} questions are answered."),
        (other, None) => format!("{instrument}: unanswered questions follow the rule \"{other}\"."),
    };
    match value_set {
        Some(name) => format!("{rule} Value set: {}", sentence(name.text(EN))),
        None => rule,
    }
}

pub(super) fn request_received(id: &str, received: Date, due: Date) -> String {
    format!("Request {id}, received {}. To be answered by {}.", received.text(), due.text())
}

pub(super) fn privacy(threshold: u64) -> String {
    format!(
        "Numbers on fewer than {} patients are hidden for reasons of privacy. Some further numbers are \
         hidden so that the hidden ones cannot be worked out from what is printed here or in earlier \
         publications. It is not shown which of the hidden numbers are small.",
        count(threshold, EN)
    )
}

pub(super) fn confidence_interval(percent: f64) -> String {
    format!("{} confidence interval", shortest_percent(percent, EN))
}

pub(super) fn alt_text(depicted: &Depicted<'_>) -> String {
    let picture = match depicted.picture {
        Picture::BarPerUnit => "Bar chart with one bar per unit",
        Picture::PointPerUnit => "Dot plot with one mean per unit",
        Picture::PointsOverTimes => "Dot plot with means at several times per unit",
        Picture::Bars => "Bar chart of a distribution",
        Picture::Lines => "Line chart over time",
    };
    let (one, many, hidden) = match depicted.picture {
        Picture::BarPerUnit | Picture::PointPerUnit | Picture::PointsOverTimes => {
            ("unit is", "units are", "some units are hidden")
        }
        Picture::Bars => ("category is", "categories are", "some categories are hidden"),
        Picture::Lines => ("point in time is", "points in time are", "some values are hidden"),
    };
    let noun = if depicted.shown == 1 { one } else { many };
    let mut facts = vec![format!("{} {noun} shown", count(depicted.shown, EN))];
    if let Some((name, value)) = &depicted.total {
        facts.push(format!("{name}: {value}"));
    }
    if depicted.some_hidden {
        facts.push(hidden.to_owned());
    }
    format!("{picture}: {} {}.", sentence(depicted.title), facts.join("; "))
}
