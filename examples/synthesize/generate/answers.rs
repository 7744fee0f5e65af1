//! What patients answer: a hidden severity, distress and pain per course, and the items that follow from them.

use super::draw::{Draw, Purpose, grade};
use super::plan::{Course, Patient};
use super::profile::{self, Change, Missing, Scale};

/// Answers to the items of an instrument; `None` where there is none.
pub type Items = Vec<Option<u8>>;

/// What stays with a patient from course to course.
pub struct Person {
    pub identifier: String,
    pub woman: bool,
    pub education: u8,
    pub country: u8,
    birth: i64,
    /// Where the patient stands in severity, apart from the course.
    severity: f64,
}

impl Person {
    /// The patient of a course; the same for each of the patient's courses.
    pub fn new(seed: u64, patient: &Patient) -> Self {
        let mut draw = Draw::new(seed, Purpose::Patient, patient.number);
        let unit = patient.unit;
        let capital = unit.code == profile::CAPITAL;
        let (mean, deviation) = profile::AGE;
        let age = (mean + unit.age_shift + deviation * draw.normal())
            .clamp(profile::AGE_RANGE.0, profile::FIRST_AGE_MOST);
        Self {
            identifier: draw.identifier("SYNP"),
            woman: draw.chance(unit.women),
            education: draw.code(if capital { &profile::EDUCATION_CAPITAL } else { &profile::EDUCATION }),
            country: draw.code(if capital { &profile::COUNTRY_CAPITAL } else { &profile::COUNTRY }),
            birth: patient.first_visit - (age * 365.25) as i64,
            severity: draw.normal(),
        }
    }

    /// Whole years on a day.
    pub fn age(&self, day: i64) -> f64 {
        let years = (day - self.birth) * 4 / 1461;
        (years as f64).clamp(profile::AGE_RANGE.0, profile::AGE_RANGE.1)
    }

    /// Three years or more after upper secondary school.
    fn is_higher_educated(&self) -> bool {
        self.education >= 4
    }
}

/// The hidden state of a course, and what the patient answers before the visit.
#[derive(Clone)]
pub struct Baseline {
    pub age: f64,
    pub civil_status: u8,
    pub profession: &'static str,
    pub smoking: u8,
    pub pain_duration: u8,
    pub physical_activity: u8,
    pub hopkins: Items,
    pub avoidance_physical: Items,
    pub avoidance_work: Items,
    pub complaints: Items,
    pub common: Common,
}

/// What is asked at the visit and at both follow-ups.
#[derive(Clone)]
pub struct Common {
    pub work: Work,
    pub employed: Option<bool>,
    pub rest: Option<u8>,
    pub active: Option<u8>,
    pub oswestry: Items,
    /// `None` for patients without a neck complaint.
    pub neck: Option<Items>,
    pub health_items: Items,
    pub health: Option<u8>,
    pub medicine: u8,
}

/// What is asked at a follow-up.
#[derive(Clone)]
pub struct FollowUp {
    pub common: Common,
    pub effect: u8,
    pub satisfaction: u8,
}

/// Work status: boxes that overlap.
#[derive(Clone, Copy, Default)]
pub struct Work {
    pub working: bool,
    pub sick_leave: bool,
    pub home: bool,
    pub student: bool,
    pub unemployed: bool,
    pub allowance: bool,
    pub disability: bool,
    pub retired: bool,
}

/// A course as it truly is, of which the forms show a part.
pub struct Truth {
    pub diagnosis: String,
    pub baseline: Baseline,
    /// At 6 and at 12 months, whether answered or not.
    pub follow_ups: [FollowUp; 2],
    pub answers: [bool; 2],
}

/// Hidden standard-normal scores of a course.
struct Hidden {
    severity: f64,
    distress: f64,
    rest: f64,
    active: f64,
    neck: f64,
}

impl Truth {
    /// Draws a course.
    pub fn new(draw: &mut Draw, course: &Course, person: &Person) -> Self {
        let age = person.age(course.visit);
        let older = (age - 47.0) / 14.0;
        let sex = if person.woman { 1.0 } else { -1.0 };
        let severity =
            0.97 * (0.8 * person.severity + 0.6 * draw.normal()) + course.unit.severity + 0.03 * older;
        let distress = 0.62 * severity + 0.78 * draw.normal() + 0.08 * sex;
        let own_pain = draw.normal();
        let hidden = Hidden {
            severity,
            distress,
            rest: 0.60 * severity + 0.80 * own_pain,
            active: 0.45 * severity + 0.50 * own_pain + 0.74 * draw.normal(),
            neck: 0.78 * severity + 0.63 * draw.normal(),
        };
        let (diagnosis, neck) = diagnosis(draw);
        let work = work_at_visit(draw, age, severity);
        let baseline = baseline(draw, person, age, &hidden, neck, work);

        let schooling = if person.is_higher_educated() { 1.0 } else { 0.0 };
        let recovery =
            0.98 * draw.normal() + course.unit.recovery - 0.05 * severity - 0.06 + 0.16 * schooling;
        let later_recovery = 0.8 * recovery + 0.6 * draw.normal();
        let lasting = [draw.normal(), draw.normal(), draw.normal()];
        let follow_ups = [
            follow_up(draw, 0, &hidden, recovery, lasting, (&baseline, work, neck)),
            follow_up(draw, 1, &hidden, later_recovery, lasting, (&baseline, work, neck)),
        ];

        let inclination = course.unit.response + 0.30 * older - 0.005 + 0.105 * sex - 0.08
            + 0.20 * schooling
            + 0.10 * recovery
            + profile::RESPONSE_LASTING * draw.normal();
        let answers = profile::RESPONSE_THRESHOLDS
            .map(|threshold| inclination + profile::RESPONSE_PASSING * draw.normal() > threshold);
        Self { diagnosis, baseline, follow_ups, answers }
    }
}

/// The typed diagnosis, and whether there is a neck complaint.
fn diagnosis(draw: &mut Draw) -> (String, bool) {
    let weights = profile::DIAGNOSES.map(|(_, weight, _)| weight);
    let place = draw.pick(&weights);
    let (code, _, neck) = profile::DIAGNOSES.get(place).copied().unwrap_or(("", 0.0, 0.5));
    let typing = draw.share();
    let typed = if typing < profile::TYPED_SMALL {
        code.to_lowercase()
    } else if typing < profile::TYPED_SMALL + profile::TYPED_WITHOUT_POINT {
        code.replace('.', "")
    } else {
        code.to_owned()
    };
    (typed, draw.chance(neck))
}

fn baseline(draw: &mut Draw, person: &Person, age: f64, hidden: &Hidden, neck: bool, work: Work) -> Baseline {
    let [young, middle, late] = &profile::CIVIL_STATUS;
    let civil: &[(u8, f64)] = if age < 30.0 {
        young
    } else if age < 50.0 {
        middle
    } else {
        late
    };
    let civil_status = draw.code(civil);
    let profession = match draw.share() {
        share if share < profile::PROFESSION_EMPTY => "",
        // A few texts hold the separator or quotes, as typed text does.
        share if share < profile::PROFESSION_EMPTY + 0.03 => "fritekst; to stillinger",
        share if share < profile::PROFESSION_EMPTY + 0.04 => "\"fritekst\" i sitat",
        _ => "fritekst",
    };
    let physical = 0.35 * hidden.severity + 0.94 * draw.normal();
    let at_work = 0.35 * hidden.severity + 0.35 * physical + 0.82 * draw.normal();
    let oswestry = rated(draw, &profile::ODI, hidden.severity, 0..=5);
    let oswestry = hide(draw, oswestry, &profile::ODI_MISSING);
    let neck_items = neck.then(|| {
        let items = rated(draw, &profile::NDI, hidden.neck, 0..=5);
        hide(draw, items, &profile::NDI_MISSING)
    });
    let (rest, active) = pain(draw, hidden.rest, hidden.active, &profile::PAIN_MISSING);
    let hopkins = rated(draw, &profile::HSCL, hidden.distress, 1..=4);
    let hopkins = hide(draw, hopkins, &profile::HSCL_MISSING);
    let avoidance_physical = rated(draw, &profile::FABQ_PHYSICAL, physical, 0..=6);
    let avoidance_physical = hide(draw, avoidance_physical, &profile::FABQ_PHYSICAL_MISSING);
    let avoidance_work = rated(draw, &profile::FABQ_WORK, at_work, 0..=6);
    let avoidance_work = hide(draw, avoidance_work, &profile::FABQ_WORK_MISSING);
    let body = 0.5 * hidden.severity + 0.5 * hidden.rest + 0.2 * draw.normal();
    let (health_items, health) =
        quality_of_life(draw, hidden.severity, body, hidden.distress, &profile::EQ5D_MISSING);
    let complaints = complaints(draw, person.woman, hidden.distress);
    let medicine = medicine(draw, hidden.rest);
    let (work, employed) = asked_work(draw, work);
    Baseline {
        age,
        civil_status,
        profession,
        smoking: draw.code(&profile::SMOKING),
        pain_duration: draw.code(&profile::PAIN_DURATION),
        physical_activity: draw.code(&profile::PHYSICAL_ACTIVITY),
        hopkins,
        avoidance_physical,
        avoidance_work,
        complaints,
        common: Common {
            work,
            employed,
            rest,
            active,
            oswestry,
            neck: neck_items,
            health_items,
            health,
            medicine,
        },
    }
}

/// Answers at 6 months (`time` 0) or 12 months (`time` 1).
fn follow_up(
    draw: &mut Draw,
    time: usize,
    hidden: &Hidden,
    recovery: f64,
    lasting: [f64; 3],
    before: (&Baseline, Work, bool),
) -> FollowUp {
    let (baseline, work_before, neck) = before;
    let [lasting_severity, lasting_rest, lasting_active] = lasting;
    let wander = 0.7 * lasting_severity + 0.71 * draw.normal();
    let severity = moved(&profile::ODI_CHANGE, hidden.severity, recovery, wander);
    let wander = 0.6 * lasting_rest + 0.8 * draw.normal();
    let rest = moved(&profile::REST_CHANGE, hidden.rest, recovery, wander);
    let wander = 0.6 * lasting_active + 0.8 * draw.normal();
    let active = moved(&profile::ACTIVE_CHANGE, hidden.active, recovery, wander);
    let distress = 0.75 * hidden.distress - 0.30 * recovery + 0.40 * draw.normal();

    let block = profile::ODI_BLOCK_LATER.get(time).copied().unwrap_or_default();
    let oswestry = rated(draw, &profile::ODI, severity, 0..=5);
    let oswestry = hide(draw, oswestry, &Missing { block, each: profile::ODI_EACH });
    let neck = neck.then(|| {
        let wander = draw.normal();
        let latent = moved(&profile::NDI_CHANGE, hidden.neck, recovery, wander);
        let items = rated(draw, &profile::NDI, latent, 0..=5);
        hide(draw, items, &profile::NDI_MISSING_LATER)
    });
    let (rest_answer, active_answer) = pain(draw, rest, active, &profile::PAIN_MISSING_LATER);
    let body = 0.5 * severity + 0.5 * rest + 0.2 * draw.normal();
    let (health_items, health) =
        quality_of_life(draw, severity, body, distress, &profile::EQ5D_MISSING_LATER);
    let work = work_later(draw, work_before, recovery, baseline.age);
    let (work, employed) = asked_work(draw, work);
    let medicine = medicine(draw, rest);
    let effect_score = 0.69 * draw.normal() - 0.72 * (recovery - 0.06);
    let satisfaction_score = 0.937 * draw.normal() - 0.35 * recovery;
    FollowUp {
        common: Common {
            work,
            employed,
            rest: rest_answer,
            active: active_answer,
            oswestry,
            neck,
            health_items,
            health,
            medicine,
        },
        effect: if draw.chance(profile::EFFECT_MISSING) {
            0
        } else {
            1 + grade(effect_score, &profile::EFFECT_CUTS)
        },
        satisfaction: if draw.chance(profile::SATISFACTION_MISSING) {
            0
        } else {
            1 + grade(satisfaction_score, &profile::SATISFACTION_CUTS)
        },
    }
}

/// A hidden score after the visit.
fn moved(change: &Change, before: f64, recovery: f64, wander: f64) -> f64 {
    change.keep * before + change.start - change.gain * (recovery - change.from).max(0.0)
        + change.loss * (-recovery - 1.1).max(0.0)
        + change.wander * wander
}

/// Every item answered from one hidden score.
fn rated<const N: usize>(
    draw: &mut Draw,
    scale: &Scale<N>,
    score: f64,
    answers: std::ops::RangeInclusive<u8>,
) -> [u8; N] {
    scale.intercepts.map(|intercept| {
        let item = intercept + scale.load * score + scale.noise * draw.normal();
        item.round().clamp(f64::from(*answers.start()), f64::from(*answers.end())) as u8
    })
}

/// Leaves answers out: all of them, or some.
fn hide<const N: usize>(draw: &mut Draw, items: [u8; N], missing: &Missing<N>) -> Items {
    let block = draw.chance(missing.block);
    let kept = items.iter().zip(missing.each);
    kept.map(|(item, each)| (!draw.chance(each) && !block).then_some(*item)).collect()
}

/// Pain at rest and in activity, 0-10.
fn pain(draw: &mut Draw, rest: f64, active: f64, missing: &[f64; 3]) -> (Option<u8>, Option<u8>) {
    let [both, only_rest, only_active] = *missing;
    let both = draw.chance(both);
    let answer = |(mean, load): (f64, f64), score: f64| (mean + load * score).round().clamp(0.0, 10.0) as u8;
    let without_rest = draw.chance(only_rest) || both;
    let without_active = draw.chance(only_active) || both;
    (
        (!without_rest).then(|| answer(profile::PAIN_AT_REST, rest)),
        (!without_active).then(|| answer(profile::PAIN_ACTIVE, active)),
    )
}

/// EQ-5D-5L and its health scale.
fn quality_of_life(
    draw: &mut Draw,
    severity: f64,
    body: f64,
    distress: f64,
    missing: &Missing<5>,
) -> (Items, Option<u8>) {
    let scale = &profile::EQ5D;
    let scores = [severity, severity, severity, body, distress];
    let block = draw.chance(missing.block);
    let mut items = Items::new();
    let parts = scale.intercepts.iter().zip(profile::EQ5D_LOADS).zip(scores).zip(missing.each);
    for (((intercept, load), score), each) in parts {
        let item = intercept + load * score + scale.noise * draw.normal();
        let left_out = draw.chance(each) || block;
        items.push((!left_out).then(|| item.round().clamp(1.0, 5.0) as u8));
    }
    let (mean, load) = profile::HEALTH;
    let well = 0.72 * draw.normal() - 0.60 * severity - 0.15 * distress;
    let left_out = draw.chance(profile::HEALTH_MISSING) || block;
    let health = (!left_out).then(|| (mean + load * well).round().clamp(0.0, 100.0) as u8);
    (items, health)
}

/// The 33 subjective health complaints, 0-3.
fn complaints(draw: &mut Draw, woman: bool, distress: f64) -> Items {
    let (women_missing, men_missing) = profile::MENSTRUAL_MISSING;
    let answer = |place: usize| {
        let shift = if profile::PAIN_COMPLAINTS.contains(&place) { 0.9 } else { 0.0 };
        let score = shift + 0.5 * distress + 0.87 * draw.normal();
        let missing = if !profile::MENSTRUAL_COMPLAINTS.contains(&place) {
            profile::COMPLAINT_MISSING
        } else if woman {
            women_missing
        } else {
            men_missing
        };
        (!draw.chance(missing)).then(|| grade(score, &profile::COMPLAINT_CUTS))
    };
    (0..33).map(answer).collect()
}

/// Analgesics on prescription, 1-4.
fn medicine(draw: &mut Draw, rest: f64) -> u8 {
    let score = 0.4 * rest + 0.917 * draw.normal();
    if draw.chance(profile::MEDICINE_MISSING) { 0 } else { 1 + grade(score, &profile::MEDICINE_CUTS) }
}

/// The boxes as ticked (some tick none), and the separate question about having a job.
fn asked_work(draw: &mut Draw, work: Work) -> (Work, Option<bool>) {
    let has_job = work.working
        || draw.chance(if work.sick_leave {
            0.93
        } else if work.allowance {
            0.35
        } else {
            0.03
        });
    let employed = (!draw.chance(profile::EMPLOYED_MISSING)).then_some(has_job);
    let ticked = if draw.chance(profile::WORK_MISSING) { Work::default() } else { work };
    (ticked, employed)
}

/// Work status at the visit.
fn work_at_visit(draw: &mut Draw, age: f64, severity: f64) -> Work {
    let mut work = Work {
        retired: draw.chance(if age >= 67.0 {
            0.96
        } else if age >= 62.0 {
            0.37
        } else {
            0.0
        }),
        disability: {
            let younger = if age < 40.0 { 0.45 } else { 1.0 };
            draw.chance((0.10 + 0.05 * severity) * younger) && (18.0..67.0).contains(&age)
        },
        student: draw.chance(if age < 25.0 {
            0.36
        } else if age < 30.0 {
            0.20
        } else if age < 40.0 {
            0.05
        } else {
            0.01
        }),
        ..Work::default()
    };
    if work.retired {
        work.working = draw.chance(0.06);
        return work;
    }
    if work.disability {
        work.working = draw.chance(0.20);
        work.sick_leave = draw.chance(0.08);
        return work;
    }
    if work.student && draw.chance(0.60) {
        return work;
    }
    let weights = [
        0.405 - 0.06 * severity,
        0.272 + 0.05 * severity,
        0.085,
        (0.108 + 0.015 * severity).max(0.0),
        0.034,
        0.020,
    ];
    match draw.pick(&weights) {
        0 => work.working = true,
        1 => work.sick_leave = true,
        2 => {
            work.working = true;
            work.sick_leave = true;
        }
        3 => {
            work.allowance = true;
            work.working = draw.chance(0.12);
            work.sick_leave = draw.chance(0.10);
        }
        4 => work.unemployed = true,
        _ => work.home = true,
    }
    work
}

/// Work status at a follow-up: those who recover go back, some move on to work assessment allowance.
fn work_later(draw: &mut Draw, before: Work, recovery: f64, age: f64) -> Work {
    let mut work = before;
    if work.retired || work.disability {
        return work;
    }
    if age >= 62.0 && draw.chance(0.15) {
        return Work { retired: true, ..Work::default() };
    }
    if work.sick_leave {
        let able = 0.55 * recovery + 0.835 * draw.normal() + if work.working { 0.05 } else { -0.10 };
        if able > 0.06 {
            work.sick_leave = false;
            work.allowance = false;
            work.working = true;
        } else if able <= -1.05 {
            work.sick_leave = false;
            work.allowance = true;
            work.working = draw.chance(0.15);
        }
        return work;
    }
    let turn = draw.share();
    if work.allowance {
        if turn < 0.12 {
            work.allowance = false;
            work.working = true;
        } else if turn < 0.15 {
            work.allowance = false;
            work.disability = true;
        }
    } else if work.working {
        if turn < 0.12 {
            work.sick_leave = true;
            work.working = turn < 0.02;
        } else if turn < 0.155 {
            work.allowance = true;
            work.working = false;
        }
    } else if turn < 0.25 {
        work.working = true;
    }
    work
}

impl Common {
    /// The same form filled in again some days later: two answers differ by one.
    pub fn filled_again(mut self, draw: &mut Draw) -> Self {
        let place = draw.below(self.oswestry.len());
        if let Some(Some(item)) = self.oswestry.get_mut(place) {
            *item = if *item == 5 { 4 } else { *item + 1 };
        }
        if let Some(rest) = &mut self.rest {
            *rest = if *rest == 10 { 9 } else { *rest + 1 };
        }
        self
    }
}
