//! Synthetic forms of the Norwegian neck and back register: no person behind any row.
//!
//! `plan` says who comes when, `answers` what is answered, `forms` how it is written; `profile` holds every constant.
//! The forms come with what real exports have: forms filled in twice, drafts, clinician forms without a patient form,
//! follow-up forms of a course nobody knows, answers left out, and follow-up that is missing not at random.

mod answers;
mod calendar;
mod draw;
mod forms;
mod plan;
mod profile;
mod score;

use answers::{Baseline, FollowUp, Person, Truth};
use draw::{Draw, Purpose};
use forms::{Head, Row, Sent};
use plan::{Course, Patient};

/// What to generate.
#[derive(Clone, Debug)]
pub struct Options {
    /// Courses in all years together, roughly.
    pub courses: usize,
    pub first_year: i32,
    pub last_year: i32,
    pub seed: u64,
}

/// One form: a table of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormTable {
    pub name: &'static str,
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
}

/// The four forms; the same options always give the same text.
pub fn generate(options: &Options) -> Vec<FormTable> {
    let mut collected = Collected {
        seed: options.seed,
        extract: calendar::day(options.last_year + 1, 6, 30),
        clinician: Pile::new("clinician"),
        baseline: Pile::new("baseline"),
        follow_ups: [Pile::new("six_months"), Pile::new("twelve_months")],
    };
    for course in plan::courses(options) {
        collected.course(&course);
    }
    let [six_months, twelve_months] = collected.follow_ups;
    [collected.clinician, collected.baseline, six_months, twelve_months]
        .into_iter()
        .map(Pile::finish)
        .collect()
}

/// Number added to a course for the unusual course that may accompany it.
const ACCOMPANYING: u64 = 1 << 40;

/// Everything written so far.
struct Collected {
    seed: u64,
    /// Day of the extract: nothing is dated later.
    extract: i64,
    clinician: Pile,
    baseline: Pile,
    follow_ups: [Pile; 2],
}

impl Collected {
    /// Writes a course, and now and then one beside it that does not count.
    fn course(&mut self, course: &Course) {
        let mut handling = Draw::new(self.seed, Purpose::Handling, course.number);
        self.counted(&mut handling, course);
        let without_patient_form = handling.chance(profile::CLINICIAN_ONLY);
        let not_final = handling.chance(profile::CLINICIAN_NOT_FINAL);
        if without_patient_form || not_final {
            let number = course.number + ACCOMPANYING;
            let patient = Patient { number, unit: course.unit, first_visit: course.visit };
            let status = if without_patient_form { 2 } else { handling.code(&profile::NOT_FINAL) };
            let beside = Course { number, patient, ..course.clone() };
            self.uncounted(&mut handling, &beside, status);
        }
    }

    /// A course with both forms of the visit.
    fn counted(&mut self, handling: &mut Draw, course: &Course) {
        let person = Person::new(self.seed, &course.patient);
        let mut draw = Draw::new(self.seed, Purpose::Course, course.number);
        let truth = Truth::new(&mut draw, course, &person);
        let course_form = handling.identifier("SYN");
        let due = [calendar::months_later(course.visit, 6), calendar::months_later(course.visit, 12)];
        let reserved = handling.chance(profile::NOT_SENT);
        let sent = due.map(|day| (day <= self.extract && !reserved).then_some(day));
        let [six_months, twelve_months] = sent;

        let head = Head {
            form: course_form.clone(),
            course: &course_form,
            patient: &person.identifier,
            status: 2,
            completed: course.visit,
        };
        let row =
            forms::clinician(&mut draw, course, &head, &truth.diagnosis, &Sent { six_months, twelve_months });
        self.clinician.add(course.visit, row);
        self.at_visit(handling, course, &person, &course_form, truth.baseline);
        for (place, (day, answers)) in sent.into_iter().zip(truth.follow_ups).enumerate() {
            let answered = truth.answers.get(place).copied().unwrap_or(false);
            // Most answer soon; the square makes long delays rare.
            let hurry = handling.share();
            let delay = (hurry * hurry * 45.0) as i64;
            if let Some(completed) = day.map(|day| day + delay).filter(|day| answered && *day <= self.extract)
            {
                let of = (course_form.as_str(), person.identifier.as_str());
                self.at_follow_up(handling, place, completed, of, answers);
            }
        }
    }

    /// A clinician form that is alone, or not final beside a patient form.
    fn uncounted(&mut self, handling: &mut Draw, course: &Course, status: u8) {
        let person = Person::new(self.seed, &course.patient);
        let mut draw = Draw::new(self.seed, Purpose::Course, course.number);
        let truth = Truth::new(&mut draw, course, &person);
        let course_form = handling.identifier("SYN");
        let head = Head {
            form: course_form.clone(),
            course: &course_form,
            patient: &person.identifier,
            status,
            completed: course.visit,
        };
        let nothing_sent = Sent { six_months: None, twelve_months: None };
        let row = forms::clinician(&mut draw, course, &head, &truth.diagnosis, &nothing_sent);
        self.clinician.add(course.visit, row);
        if status != 2 {
            self.at_visit(handling, course, &person, &course_form, truth.baseline);
        }
    }

    /// The patient form of the visit, sometimes twice or beside a draft.
    fn at_visit(
        &mut self,
        handling: &mut Draw,
        course: &Course,
        person: &Person,
        course_form: &str,
        answers: Baseline,
    ) {
        let completed = course.visit - handling.below(15) as i64;
        for (status, day) in self.fillings(handling, completed) {
            let again = day > completed;
            let shown = if again {
                Baseline { common: answers.common.clone().filled_again(handling), ..answers.clone() }
            } else {
                answers.clone()
            };
            let form = handling.identifier("SYN");
            let head =
                Head { form, course: course_form, patient: &person.identifier, status, completed: day };
            self.baseline.add(day, forms::baseline(&head, person, &shown));
        }
    }

    /// A follow-up form, sometimes twice, beside a draft, or beside one of a course nobody knows.
    fn at_follow_up(
        &mut self,
        handling: &mut Draw,
        place: usize,
        completed: i64,
        (course_form, patient): (&str, &str),
        answers: FollowUp,
    ) {
        let fillings = self.fillings(handling, completed);
        let Some(pile) = self.follow_ups.get_mut(place) else { return };
        for (status, day) in fillings {
            let again = day > completed;
            let shown = if again {
                FollowUp { common: answers.common.clone().filled_again(handling), ..answers.clone() }
            } else {
                answers.clone()
            };
            let form = handling.identifier("SYN");
            let head = Head { form, course: course_form, patient, status, completed: day };
            pile.add(day, forms::follow_up(&head, &shown));
        }
        if handling.chance(profile::COURSE_UNKNOWN) {
            let form = handling.identifier("SYN");
            let (unknown, stranger) = (handling.identifier("SYN"), handling.identifier("SYNP"));
            let head = Head { form, course: &unknown, patient: &stranger, status: 2, completed };
            pile.add(completed, forms::follow_up(&head, &answers));
        }
    }

    /// Status and day of each filling of a patient form: once as a rule.
    fn fillings(&self, handling: &mut Draw, completed: i64) -> Vec<(u8, i64)> {
        let mut fillings = vec![(2, completed)];
        if handling.chance(profile::FORM_NOT_FINAL) {
            fillings.insert(0, (handling.code(&profile::NOT_FINAL), completed));
        }
        let later = completed + 1 + handling.below(10) as i64;
        if handling.chance(profile::FORM_TWICE) && later <= self.extract {
            fillings.push((2, later));
        }
        fillings
    }
}

/// The rows of one form with the day of each.
struct Pile {
    name: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<(i64, Vec<String>)>,
}

impl Pile {
    fn new(name: &'static str) -> Self {
        Self { name, columns: Vec::new(), rows: Vec::new() }
    }

    fn add(&mut self, day: i64, row: Row) {
        if self.columns.is_empty() {
            self.columns = row.columns;
        }
        self.rows.push((day, row.cells));
    }

    /// In order of day and then of identifier, so that the order of the work leaves no trace.
    fn finish(mut self) -> FormTable {
        self.rows.sort_unstable();
        FormTable {
            name: self.name,
            columns: self.columns,
            rows: self.rows.into_iter().map(|(_, row)| row).collect(),
        }
    }
}
