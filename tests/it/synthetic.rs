//! The synthetic forms: the same seed gives the same text, and the text shows the register's published figures.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

#[path = "../../examples/synthesize/generate/mod.rs"]
mod generate;

use generate::{FormTable, Options, generate};

/// One form with its columns by name.
struct Form {
    places: HashMap<&'static str, usize>,
    columns: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

/// Newest final forms of a course whose clinician form and patient form are both final.
struct Course {
    clinician: usize,
    baseline: usize,
    later: [Option<usize>; 2],
}

struct Data {
    clinician: Form,
    baseline: Form,
    later: [Form; 2],
    courses: Vec<Course>,
}

const UNITS: usize = 16;

impl Form {
    fn new(table: FormTable) -> Self {
        let places = table.columns.iter().enumerate().map(|(place, name)| (*name, place)).collect();
        Self { places, columns: table.columns, rows: table.rows }
    }

    fn text(&self, row: usize, column: &str) -> &str {
        &self.rows[row][self.places[column]]
    }

    /// A number, `None` when empty.
    fn number(&self, row: usize, column: &str) -> Option<f64> {
        let text = self.text(row, column);
        (!text.is_empty()).then(|| text.replace(',', ".").parse().unwrap())
    }

    fn code(&self, row: usize, column: &str) -> i64 {
        self.text(row, column).parse().unwrap()
    }

    fn ticked(&self, row: usize, column: &str) -> bool {
        self.code(row, column) == 1
    }

    fn final_rows(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.rows.len()).filter(move |row| self.text(*row, "FormStatus") == "2")
    }

    /// The newest final form of each course.
    fn newest(&self) -> HashMap<&str, usize> {
        let mut newest: HashMap<&str, usize> = HashMap::new();
        for row in self.final_rows() {
            let kept = newest.entry(self.text(row, "HovedskjemaGUID")).or_insert(row);
            let completed = |row: usize| sortable(self.text(row, "DateOfCompletion"));
            if completed(row) > completed(*kept) {
                *kept = row;
            }
        }
        newest
    }
}

impl Data {
    fn new(tables: Vec<FormTable>) -> Self {
        let forms: Vec<Form> = tables.into_iter().map(Form::new).collect();
        let [clinician, baseline, six, twelve]: [Form; 4] = forms.try_into().ok().unwrap();
        let later = [six, twelve];
        let courses = {
            let first = baseline.newest();
            let follow_up = [later[0].newest(), later[1].newest()];
            let course = |row: usize| {
                let key = clinician.text(row, "SkjemaGUID");
                let later = [follow_up[0].get(key).copied(), follow_up[1].get(key).copied()];
                first.get(key).map(|baseline| Course { clinician: row, baseline: *baseline, later })
            };
            clinician.final_rows().filter_map(course).collect()
        };
        Self { clinician, baseline, later, courses }
    }

    fn year(&self, course: &Course) -> i32 {
        self.clinician.text(course.clinician, "S1b_DateOfCompletion")[6..].parse().unwrap()
    }

    fn unit(&self, course: &Course) -> &str {
        self.clinician.text(course.clinician, "HealthUnitName")
    }

    fn baseline_numbers(&self, column: &str) -> Vec<f64> {
        self.courses.iter().filter_map(|course| self.baseline.number(course.baseline, column)).collect()
    }

    fn baseline_share(&self, column: &str, codes: &[i64]) -> f64 {
        share(&self.courses, |course| codes.contains(&self.baseline.code(course.baseline, column)))
    }

    fn clinician_share(&self, column: &str, codes: &[i64]) -> f64 {
        share(&self.courses, |course| codes.contains(&self.clinician.code(course.clinician, column)))
    }

    /// Score at the visit and at a follow-up, where both are there.
    fn pairs(&self, time: usize, column: &str) -> Vec<(f64, f64)> {
        let pair = |course: &Course| {
            let before = self.baseline.number(course.baseline, column)?;
            let after = self.later[time].number(course.later[time]?, column)?;
            Some((before, after))
        };
        self.courses.iter().filter_map(pair).collect()
    }

    /// Rows of the answered follow-up forms of counted courses.
    fn answered(&self, time: usize) -> Vec<usize> {
        self.courses.iter().filter_map(|course| course.later[time]).collect()
    }

    /// Courses whose follow-up forms were due long enough ago to be answered.
    fn eligible(&self, before_year: i32) -> Vec<&Course> {
        self.courses.iter().filter(|course| self.year(course) < before_year).collect()
    }

    fn by_unit<'a>(&'a self, courses: &[&'a Course]) -> BTreeMap<&'a str, Vec<&'a Course>> {
        let mut units: BTreeMap<&str, Vec<&Course>> = BTreeMap::new();
        for course in courses {
            units.entry(self.unit(course)).or_default().push(*course);
        }
        units
    }
}

/// About 6 000 courses a year, drawn once for all tests.
fn data() -> &'static Data {
    static DATA: OnceLock<Data> = OnceLock::new();
    DATA.get_or_init(|| Data::new(generate(&options(18_000, 1))))
}

fn options(courses: usize, seed: u64) -> Options {
    Options { courses, first_year: 2023, last_year: 2025, seed }
}

/// dd.mm.yyyy as yyyymmdd.
fn sortable(date: &str) -> String {
    format!("{}{}{}", &date[6..], &date[3..5], &date[..2])
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn deviation(values: &[f64]) -> f64 {
    let centre = mean(values);
    (values.iter().map(|value| (value - centre).powi(2)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
}

fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let (first, second): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (first_mean, second_mean) = (mean(&first), mean(&second));
    let products = pairs.iter().map(|(a, b)| (a - first_mean) * (b - second_mean)).sum::<f64>();
    products / (pairs.len() - 1) as f64 / deviation(&first) / deviation(&second)
}

fn share<T>(items: &[T], holds: impl Fn(&T) -> bool) -> f64 {
    items.iter().filter(|item| holds(item)).count() as f64 / items.len() as f64
}

#[track_caller]
fn close(what: &str, value: f64, target: f64, tolerance: f64) {
    assert!((value - target).abs() <= tolerance, "{what}: {value:.4}, published {target} +- {tolerance}");
}

#[track_caller]
fn mean_and_deviation(
    what: &str,
    values: &[f64],
    (target_mean, tolerance): (f64, f64),
    (target, wide): (f64, f64),
) {
    close(&format!("{what}, mean"), mean(values), target_mean, tolerance);
    close(&format!("{what}, SD"), deviation(values), target, wide);
}

#[test]
fn the_same_seed_gives_the_same_forms() {
    let options = options(900, 7);
    let here = generate(&options);
    assert!(here == generate(&options), "a second run differs");
    let elsewhere = std::thread::spawn(move || generate(&options)).join().unwrap();
    assert!(here == elsewhere, "a run on another thread differs");
}

#[test]
fn another_seed_gives_other_forms() {
    assert!(generate(&options(300, 7)) != generate(&options(300, 8)));
}

#[test]
fn forms_have_the_columns_of_the_export() {
    let data = data();
    let numbered =
        |stem: &str, last: usize| (1..=last).map(|n| format!("{stem}{n}")).collect::<Vec<_>>().join(";");
    let work = "IsEmployed;S2_Working;S2_SickLeave;S2_StayAtHome;S2_Student;S2_Unemployed;S2_NAV;S2_Pension;\
                S2_RetirementPension";
    let disability = "PainExperiencesNoActivity;PainExperiencesActivity;OdiPain;OdiPersonalCare;OdiLifting;\
                      OdiWalking;OdiSitting;OdiStanding;OdiSleeping;OdiSexlife;OdiSocial;OdiTravel;OdiScore;\
                      NdiIntensity;NdiPersonalCare;NdiLifting;NdiReading;NdiHeadache;NdiConcentration;NdiWork;\
                      NdiDriving;NdiSleeping;NdiLeisure;NdiScore";
    let health = format!("{};Score_EQ5DL;Eq5d_L_spm6", numbered("Eq5d_L_spm", 5));
    let head = "SkjemaGUID;HovedskjemaGUID;PasientGUID;FormStatus;DateOfCompletion";
    assert_eq!(
        data.clinician.columns.join(";"),
        "SkjemaGUID;PasientGUID;FormStatus;UnitId;HealthUnitName;Hospital;HF;RHF;S1b_DateOfCompletion;\
         FollowUpFormSentToPatient;FollowUpFormSentToPatient12;BackSurgery;NeckSurgery;DiagnosticNumber1;\
         RadiologicalF_Normal;RadiologicalF_Herniation;RadiologicalF_RecessStenosis;TreatmentEvaluationByDoctor;\
         TreatmentEvaluationByPhysiotherapist;TreatmentEvaluationByNurse;TreatmentEvaluationByPsychologist;\
         TreatmentEvaluationBySocionom;Treatment_InvidualInterdisciplinary;Treatment_GroupInterdisciplinary2018;\
         VentetidFraHenvisningTilBesok;TreatmentMasteryOrientedConversation;CourseYellowFlagComplicatingFactors;\
         ParticipantHelseIArbeid"
    );
    assert_eq!(
        data.baseline.columns.join(";"),
        format!(
            "{head};PatientAge;PatientGender;FamilyStatus;NationalCountry;EducationLevel;Profession;Smoking;{work};\
             PainDurationNow;{disability};{};HSCL10Score;{};FABQScore1;FABQScore2;{health};{};\
             PainMedicinePrescription;PhysicalActivity",
            numbered("Hscl10Q", 10),
            numbered("FabQ", 11),
            numbered("UhiQ", 33)
        )
    );
    for form in &data.later {
        assert_eq!(
            form.columns.join(";"),
            format!(
                "{head};{work};{disability};{health};PainMedicinePrescription;UseOfTreatment;TreatmentSatisfaction"
            )
        );
    }
    for form in [&data.clinician, &data.baseline, &data.later[0], &data.later[1]] {
        assert!(form.rows.iter().all(|row| row.len() == form.columns.len()));
    }
}

#[test]
fn identifiers_are_unique_and_say_that_they_are_synthetic() {
    let data = data();
    let mut seen = HashSet::new();
    for form in [&data.clinician, &data.baseline, &data.later[0], &data.later[1]] {
        for row in 0..form.rows.len() {
            assert!(form.text(row, "SkjemaGUID").starts_with("SYN-"));
            assert!(form.text(row, "PasientGUID").starts_with("SYNP-"));
            assert!(seen.insert(form.text(row, "SkjemaGUID")), "a form identifier occurs twice");
        }
    }
}

#[test]
fn no_form_is_dated_after_the_extract() {
    let data = data();
    for row in 0..data.clinician.rows.len() {
        for column in ["S1b_DateOfCompletion", "FollowUpFormSentToPatient", "FollowUpFormSentToPatient12"] {
            let date = data.clinician.text(row, column);
            assert!(date.is_empty() || sortable(date).as_str() <= "20260630");
        }
    }
    for form in [&data.baseline, &data.later[0], &data.later[1]] {
        assert!(
            (0..form.rows.len())
                .all(|row| sortable(form.text(row, "DateOfCompletion")).as_str() <= "20260630")
        );
    }
}

#[test]
fn forms_carry_the_flaws_of_an_export() {
    let data = data();
    let known: HashSet<&str> =
        (0..data.clinician.rows.len()).map(|row| data.clinician.text(row, "SkjemaGUID")).collect();
    let answered: HashSet<&str> =
        (0..data.baseline.rows.len()).map(|row| data.baseline.text(row, "HovedskjemaGUID")).collect();

    let alone: Vec<bool> = data
        .clinician
        .final_rows()
        .map(|row| !answered.contains(data.clinician.text(row, "SkjemaGUID")))
        .collect();
    close("clinician forms alone", share(&alone, |alone| *alone), 0.015, 0.004);

    for form in [&data.baseline, &data.later[0], &data.later[1]] {
        let courses = form.newest().len();
        let twice = form.final_rows().count() - courses;
        close("patient forms filled in twice", twice as f64 / courses as f64, 0.007, 0.003);
        let statuses: BTreeSet<&str> = (0..form.rows.len()).map(|row| form.text(row, "FormStatus")).collect();
        assert_eq!(statuses.into_iter().collect::<Vec<_>>(), ["1", "2", "4", "5"]);
    }
    let unknown_of = |form: &Form| {
        let rows = 0..form.rows.len();
        rows.filter(|row| !known.contains(form.text(*row, "HovedskjemaGUID"))).count()
    };
    assert!((3..80).contains(&data.later.iter().map(unknown_of).sum::<usize>()));
    let quoted =
        (0..data.baseline.rows.len()).any(|row| data.baseline.text(row, "Profession").contains([';', '"']));
    assert!(quoted, "no text that needs quoting");
}

#[test]
fn courses_per_unit_keep_their_skew_and_small_cells() {
    let data = data();
    close("courses", data.courses.len() as f64, 18_000.0, 30.0);
    let mut cells: BTreeMap<(&str, i32), usize> = BTreeMap::new();
    for course in &data.courses {
        *cells.entry((data.unit(course), data.year(course))).or_default() += 1;
    }
    let scale = 18_000.0 / 19_110.0;
    for (unit, year, count) in [
        ("OUS", 2023, 1278),
        ("OUS", 2024, 1404),
        ("Stavern", 2025, 1048),
        ("Levanger", 2023, 19),
        ("Stord", 2024, 16),
    ] {
        close(unit, cells[&(unit, year)] as f64, f64::from(count) * scale, 0.51);
    }
    assert!(!cells.contains_key(&("Stord", 2023)) && !cells.contains_key(&("SI-Ottestad", 2023)));
    assert!(!cells.contains_key(&("Kirkenes", 2024)));
    assert_eq!(cells[&("Kirkenes", 2025)], 13);
    assert_eq!(data.courses.iter().map(|course| data.unit(course)).collect::<BTreeSet<_>>().len(), UNITS);

    let small = Data::new(generate(&options(500, 3)));
    let mut few: BTreeMap<(String, i32), usize> = BTreeMap::new();
    for course in &small.courses {
        *few.entry((small.unit(course).to_owned(), small.year(course))).or_default() += 1;
    }
    assert_eq!(few.len(), cells.len());
    assert_eq!(few.values().min(), Some(&3));
}

#[test]
fn some_patients_come_back() {
    let data = data();
    let mut courses: HashMap<&str, usize> = HashMap::new();
    for course in &data.courses {
        *courses.entry(data.baseline.text(course.baseline, "PasientGUID")).or_default() += 1;
    }
    let counts: Vec<usize> = courses.into_values().collect();
    close("patients with several courses", share(&counts, |count| *count >= 2), 0.08, 0.012);
}

#[test]
fn patients_are_like_the_registers() {
    let data = data();
    close("women", data.baseline_share("PatientGender", &[2]), 0.53, 0.015);
    let ages = data.baseline_numbers("PatientAge");
    mean_and_deviation("age", &ages, (47.0, 0.8), (14.0, 0.6));
    assert!(ages.iter().all(|age| (16.0..=92.0).contains(age)));
    let everyone: Vec<&Course> = data.courses.iter().collect();
    for (unit, courses) in data.by_unit(&everyone).into_iter().filter(|(_, courses)| courses.len() >= 300) {
        close(
            unit,
            share(&courses, |course| data.baseline.code(course.baseline, "PatientGender") == 2),
            0.55,
            0.11,
        );
    }
    for (code, target) in [(1, 0.459), (2, 0.232), (3, 0.295), (0, 0.015)] {
        close("civil status", data.baseline_share("FamilyStatus", &[code]), target, 0.02);
    }
    for (code, target) in [(1, 0.129), (2, 0.331), (3, 0.125), (4, 0.203), (5, 0.193), (0, 0.020)] {
        close("education", data.baseline_share("EducationLevel", &[code]), target, 0.013);
    }
    for (code, target) in [(1, 0.007), (2, 0.056), (3, 0.314), (4, 0.161), (5, 0.445), (0, 0.017)] {
        close("pain duration", data.baseline_share("PainDurationNow", &[code]), target, 0.012);
    }
    for (code, target) in [(1, 0.1575), (2, 0.603), (3, 0.163), (4, 0.048), (0, 0.028)] {
        close("physical activity", data.baseline_share("PhysicalActivity", &[code]), target, 0.012);
    }
    close("back surgery", data.clinician_share("BackSurgery", &[1]), 0.100, 0.008);
    close("neck surgery", data.clinician_share("NeckSurgery", &[1]), 0.023, 0.004);
    close("normal radiology", data.clinician_share("RadiologicalF_Normal", &[1]), 0.414, 0.013);
    close("herniation", data.clinician_share("RadiologicalF_Herniation", &[1]), 0.294, 0.013);
    close("recess stenosis", data.clinician_share("RadiologicalF_RecessStenosis", &[1]), 0.215, 0.012);

    for (code, count) in
        [("M545", 3296), ("M542", 1220), ("M511", 559), ("M480", 257), ("M546", 170), ("M501", 106)]
    {
        let typed = |course: &Course| {
            let text = data.clinician.text(course.clinician, "DiagnosticNumber1");
            text.replace('.', "").to_uppercase() == code
        };
        close(code, share(&data.courses, typed), f64::from(count) / 5930.0, 0.012);
    }
}

#[test]
fn work_at_the_visit_and_later_is_like_the_registers() {
    let data = data();
    for (column, at_visit, later) in [
        ("S2_Working", 0.449, Some(0.500)),
        ("S2_SickLeave", 0.320, Some(0.164)),
        ("S2_NAV", 0.091, Some(0.150)),
        ("S2_Pension", 0.073, Some(0.069)),
        ("S2_RetirementPension", 0.105, Some(0.121)),
        ("S2_Student", 0.050, None),
        ("S2_Unemployed", 0.029, None),
        ("S2_StayAtHome", 0.016, None),
    ] {
        close(column, data.baseline_share(column, &[1]), at_visit, 0.02);
        if let Some(later) = later {
            close(column, share(&data.answered(0), |row| data.later[0].ticked(*row, column)), later, 0.035);
        }
    }
    let on_leave = data.courses.iter().filter(|course| {
        data.baseline.text(course.baseline, "IsEmployed") == "1"
            && data.baseline.ticked(course.baseline, "S2_SickLeave")
    });
    let followed: Vec<usize> = on_leave.filter_map(|course| course.later[0]).collect();
    let form = &data.later[0];
    let back = |row: &usize| {
        form.ticked(*row, "S2_Working") && !form.ticked(*row, "S2_SickLeave") && !form.ticked(*row, "S2_NAV")
    };
    close("back at work", share(&followed, back), 0.45, 0.04);
}

#[test]
fn scores_at_the_visit_have_their_published_means() {
    let data = data();
    mean_and_deviation("ODI", &data.baseline_numbers("OdiScore"), (33.7, 0.6), (15.2, 0.6));
    mean_and_deviation("NDI", &data.baseline_numbers("NdiScore"), (35.5, 0.8), (16.0, 0.7));
    mean_and_deviation(
        "pain at rest",
        &data.baseline_numbers("PainExperiencesNoActivity"),
        (5.6, 0.1),
        (2.3, 0.1),
    );
    mean_and_deviation(
        "pain active",
        &data.baseline_numbers("PainExperiencesActivity"),
        (6.7, 0.1),
        (2.2, 0.1),
    );
    let hopkins = data.baseline_numbers("HSCL10Score");
    mean_and_deviation("HSCL-10", &hopkins, (2.07, 0.03), (0.70, 0.03));
    close("HSCL-10 of 1.85 and more", share(&hopkins, |score| *score >= 1.85), 0.58, 0.025);
    mean_and_deviation("EQ-5D", &data.baseline_numbers("Score_EQ5DL"), (0.64, 0.025), (0.20, 0.03));
    mean_and_deviation("health scale", &data.baseline_numbers("Eq5d_L_spm6"), (50.3, 0.9), (20.2, 0.8));
    mean_and_deviation("FABQ physical", &data.baseline_numbers("FABQScore1"), (14.2, 0.3), (6.0, 0.5));
    mean_and_deviation("FABQ work", &data.baseline_numbers("FABQScore2"), (22.6, 0.5), (11.7, 0.8));
}

#[test]
fn change_to_the_follow_ups_is_like_the_registers() {
    let data = data();
    for time in [0, 1] {
        let disability = data.pairs(time, "OdiScore");
        let later: Vec<f64> = disability.iter().map(|pair| pair.1).collect();
        mean_and_deviation("ODI later", &later, (29.8, 1.0), (17.4, 0.8));
        close("ODI correlation", correlation(&disability), 0.66, 0.07);
        close(
            "ODI lower by 10",
            share(&disability, |(before, after)| before - after >= 10.0 - 1e-9),
            0.285,
            0.03,
        );
        close("ODI of 23 and less", share(&disability, |pair| pair.1 <= 23.0), 0.40, 0.035);

        let neck = data.pairs(time, "NdiScore");
        close("NDI lower by 10", share(&neck, |(before, after)| before - after >= 10.0 - 1e-9), 0.225, 0.035);
        close("NDI of 20 and less", share(&neck, |pair| pair.1 <= 20.0), 0.215, 0.04);

        for (column, centre, spread, improved) in
            [("PainExperiencesNoActivity", 4.7, 2.6, 0.34), ("PainExperiencesActivity", 5.25, 2.7, 0.43)]
        {
            let pain = data.pairs(time, column);
            let later: Vec<f64> = pain.iter().map(|pair| pair.1).collect();
            mean_and_deviation(column, &later, (centre, 0.15), (spread, 0.12));
            let with_pain: Vec<(f64, f64)> = pain.into_iter().filter(|pair| pair.0 > 0.0).collect();
            close(column, share(&with_pain, |(before, after)| before - after >= 2.0), improved, 0.03);
        }
    }
}

#[test]
fn patients_judge_their_treatment_as_published() {
    let data = data();
    for (time, form) in data.later.iter().enumerate() {
        let rows = data.answered(time);
        let printed = [0.030, 0.019, 0.141, 0.242, 0.414, 0.088, 0.046, 0.021];
        for (code, target) in printed.into_iter().enumerate() {
            close(
                "effect",
                share(&rows, |row| form.code(*row, "UseOfTreatment") == code as i64),
                target,
                0.025,
            );
        }
        let judged: Vec<i64> =
            rows.iter().map(|row| form.code(*row, "UseOfTreatment")).filter(|code| *code > 0).collect();
        close("benefit", share(&judged, |code| *code <= 3), 0.41, 0.03);
        let printed = [0.031, 0.529, 0.154, 0.188, 0.060, 0.039];
        for (code, target) in printed.into_iter().enumerate() {
            let with_code = share(&rows, |row| form.code(*row, "TreatmentSatisfaction") == code as i64);
            close("satisfaction", with_code, target, 0.02);
        }
    }
}

#[test]
fn treatment_and_waiting_are_like_the_registers() {
    let data = data();
    let treated = |course: &Course| {
        data.clinician.code(course.clinician, "Treatment_InvidualInterdisciplinary") > 0
            || data.clinician.code(course.clinician, "Treatment_GroupInterdisciplinary2018") > 0
    };
    for (year, target) in [(2023, 0.304), (2024, 0.268), (2025, 0.291)] {
        let courses: Vec<&Course> = data.courses.iter().filter(|course| data.year(course) == year).collect();
        close("interdisciplinary", share(&courses, |course| treated(course)), target, 0.025);
        for (unit, courses) in data.by_unit(&courses) {
            let of_unit = share(&courses, |course| treated(course));
            assert!(courses.len() < 40 || (0.0..=0.78).contains(&of_unit), "{unit} {of_unit}");
        }
    }
    let last: Vec<&Course> = data.courses.iter().filter(|course| data.year(course) == 2025).collect();
    let talked =
        |course: &&Course| data.clinician.code(course.clinician, "TreatmentMasteryOrientedConversation") == 1;
    close("mastery conversation", share(&last, talked), 0.967, 0.011);

    let waits: Vec<i64> = data
        .courses
        .iter()
        .map(|course| data.clinician.code(course.clinician, "VentetidFraHenvisningTilBesok"))
        .filter(|days| *days > 0)
        .collect();
    close("wait of 50 days at most", share(&waits, |days| *days <= 50), 0.52, 0.02);

    let professions = ["Doctor", "Physiotherapist", "Nurse", "Psychologist", "Socionom"]
        .map(|profession| format!("TreatmentEvaluationBy{profession}"));
    let several = |course: &Course| {
        professions.iter().filter(|column| data.clinician.ticked(course.clinician, column)).count() >= 2
    };
    close("several professions", share(&data.courses, several), 0.121, 0.02);
}

#[test]
fn follow_up_is_missing_but_not_at_random() {
    let data = data();
    let due = data.eligible(2026);
    let six = |course: &&Course| course.later[0].is_some();
    close("6 months", share(&due, six), 0.655, 0.025);
    let long_due = data.eligible(2025);
    close("12 months", share(&long_due, |course| course.later[1].is_some()), 0.60, 0.025);
    close("both", share(&long_due, |course| course.later.iter().all(Option::is_some)), 0.48, 0.025);
    for (unit, courses) in data.by_unit(&due).into_iter().filter(|(_, courses)| courses.len() >= 250) {
        close(unit, share(&courses, six), 0.67, 0.10);
    }

    let split = |answers: &dyn Fn(&Course) -> bool| -> (f64, f64) {
        let (yes, no): (Vec<&Course>, Vec<&Course>) = due.iter().copied().partition(|course| answers(course));
        (share(&yes, six), share(&no, six))
    };
    let (young, older) = split(&|course| data.baseline.number(course.baseline, "PatientAge") <= Some(30.0));
    assert!(young + 0.15 < older, "{young} {older}");
    let (women, men) = split(&|course| data.baseline.code(course.baseline, "PatientGender") == 2);
    assert!(men + 0.03 < women, "{men} {women}");
    let (higher, lower) = split(&|course| data.baseline.code(course.baseline, "EducationLevel") >= 4);
    assert!(lower + 0.02 < higher, "{lower} {higher}");
}

#[test]
fn answers_are_missing_as_published() {
    let data = data();
    let empty =
        |column: &str| share(&data.courses, |course| data.baseline.text(course.baseline, column).is_empty());
    close("ODI score", empty("OdiScore"), 0.018, 0.004);
    close("ODI sex life", data.baseline_share("OdiSexlife", &[0]), 0.098, 0.008);
    for item in ["OdiPain", "OdiWalking", "OdiSocial", "OdiTravel"] {
        close(item, data.baseline_share(item, &[0]), 0.021, 0.007);
    }
    close("NDI score", empty("NdiScore"), 0.48, 0.02);
    close("HSCL-10", empty("HSCL10Score"), 0.016, 0.004);
    close("FABQ physical", empty("FABQScore1"), 0.012, 0.004);
    close("FABQ work", empty("FABQScore2"), 0.026, 0.005);
    close("FABQ back at work", empty("FabQ11"), 0.36, 0.02);
    close("EQ-5D", empty("Score_EQ5DL"), 0.150, 0.010);
    close("health scale", empty("Eq5d_L_spm6"), 0.141, 0.010);
    close("pain at rest", empty("PainExperiencesNoActivity"), 0.034, 0.005);
    close("pain active", empty("PainExperiencesActivity"), 0.033, 0.005);
    close("medicine", data.baseline_share("PainMedicinePrescription", &[0]), 0.075, 0.008);
    close("premenstrual complaint", data.baseline_share("UhiQ30", &[-1]), 0.49, 0.03);
    for (time, disability) in [(0, 0.040), (1, 0.034)] {
        let (form, rows) = (&data.later[time], data.answered(time));
        let empty = |column: &str| share(&rows, |row| form.text(*row, column).is_empty());
        close("ODI later", empty("OdiScore"), disability, 0.006);
        close("pain later", empty("PainExperiencesNoActivity"), 0.077, 0.008);
        close("EQ-5D later", empty("Score_EQ5DL"), 0.071, 0.008);
    }
}

#[test]
fn stored_scores_are_what_the_items_give() {
    let data = data();
    let items = |row: usize, stem: &str, names: &[&str], missing: i64, offset: f64| -> Vec<f64> {
        let codes = names.iter().map(|name| data.baseline.number(row, &format!("{stem}{name}")));
        codes.flatten().filter(|code| *code != missing as f64).map(|code| code - offset).collect()
    };
    let odi = [
        "Pain",
        "PersonalCare",
        "Lifting",
        "Walking",
        "Sitting",
        "Standing",
        "Sleeping",
        "Sexlife",
        "Social",
        "Travel",
    ];
    let decrements = [
        [0.0, 0.031_16, 0.064_985, 0.158_875, 0.205],
        [0.0, 0.031_312, 0.065_302, 0.159_65, 0.206],
        [0.0, 0.027_208, 0.056_743, 0.138_725, 0.179],
        [0.0, 0.059_432, 0.123_947, 0.303_025, 0.391],
        [0.0, 0.071_744, 0.149_624, 0.3658, 0.472],
    ];
    for course in data.courses.iter().take(3000) {
        let row = course.baseline;
        let answered = items(row, "Odi", &odi, 0, 1.0);
        match data.baseline.number(row, "OdiScore") {
            Some(score) => close("ODI", score, 20.0 * mean(&answered), 0.005_001),
            None => assert!(answered.is_empty()),
        }
        let answered = items(row, "Hscl10Q", &["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"], 0, 0.0);
        match data.baseline.number(row, "HSCL10Score") {
            Some(score) => close("HSCL-10", score, mean(&answered), 0.005_001),
            None => assert!(answered.is_empty()),
        }
        let answered = items(row, "FabQ", &["5", "6", "7", "8", "9", "10", "11"], -1, 0.0);
        match data.baseline.number(row, "FABQScore2") {
            Some(score) => close("FABQ work", score, 7.0 * mean(&answered), 0.005_001),
            None => assert!(answered.is_empty()),
        }
        let levels = items(row, "Eq5d_L_spm", &["1", "2", "3", "4", "5"], 0, 1.0);
        match data.baseline.number(row, "Score_EQ5DL") {
            Some(score) => {
                let lost: f64 =
                    levels.iter().zip(decrements).map(|(level, by_level)| by_level[*level as usize]).sum();
                close("EQ-5D", score, 1.0 - lost, 0.000_501);
            }
            None => assert!(levels.len() < 5),
        }
    }
}
