//! The four forms as rows of text, column by column as the register exports them.

use super::answers::{Baseline, Common, FollowUp, Person, Work};
use super::calendar;
use super::draw::Draw;
use super::plan::{self, Course};
use super::profile;
use super::score;

const ODI_ITEMS: [&str; 10] = [
    "OdiPain",
    "OdiPersonalCare",
    "OdiLifting",
    "OdiWalking",
    "OdiSitting",
    "OdiStanding",
    "OdiSleeping",
    "OdiSexlife",
    "OdiSocial",
    "OdiTravel",
];
const NDI_ITEMS: [&str; 10] = [
    "NdiIntensity",
    "NdiPersonalCare",
    "NdiLifting",
    "NdiReading",
    "NdiHeadache",
    "NdiConcentration",
    "NdiWork",
    "NdiDriving",
    "NdiSleeping",
    "NdiLeisure",
];
const HSCL_ITEMS: [&str; 10] = [
    "Hscl10Q1",
    "Hscl10Q2",
    "Hscl10Q3",
    "Hscl10Q4",
    "Hscl10Q5",
    "Hscl10Q6",
    "Hscl10Q7",
    "Hscl10Q8",
    "Hscl10Q9",
    "Hscl10Q10",
];
const FABQ_PHYSICAL_ITEMS: [&str; 4] = ["FabQ1", "FabQ2", "FabQ3", "FabQ4"];
const FABQ_WORK_ITEMS: [&str; 7] = ["FabQ5", "FabQ6", "FabQ7", "FabQ8", "FabQ9", "FabQ10", "FabQ11"];
const EQ5D_ITEMS: [&str; 5] = ["Eq5d_L_spm1", "Eq5d_L_spm2", "Eq5d_L_spm3", "Eq5d_L_spm4", "Eq5d_L_spm5"];
const UHI_ITEMS: [&str; 33] = [
    "UhiQ1", "UhiQ2", "UhiQ3", "UhiQ4", "UhiQ5", "UhiQ6", "UhiQ7", "UhiQ8", "UhiQ9", "UhiQ10", "UhiQ11",
    "UhiQ12", "UhiQ13", "UhiQ14", "UhiQ15", "UhiQ16", "UhiQ17", "UhiQ18", "UhiQ19", "UhiQ20", "UhiQ21",
    "UhiQ22", "UhiQ23", "UhiQ24", "UhiQ25", "UhiQ26", "UhiQ27", "UhiQ28", "UhiQ29", "UhiQ30", "UhiQ31",
    "UhiQ32", "UhiQ33",
];

/// How unanswered items are written, and what is added to an item.
#[derive(Clone, Copy)]
enum Coding {
    /// Points 0-5 stored as 1-6, 0 when not answered.
    FromOne,
    /// As it is, 0 when not answered.
    ZeroMissing,
    /// As it is, -1 when not answered.
    MinusOneMissing,
    /// As it is, empty when not answered.
    EmptyMissing,
}

/// One form filled in: column names beside their text.
pub struct Row {
    pub columns: Vec<&'static str>,
    pub cells: Vec<String>,
}

/// What identifies a form.
pub struct Head<'a> {
    pub form: String,
    /// Identifier of the course's clinician form.
    pub course: &'a str,
    pub patient: &'a str,
    pub status: u8,
    pub completed: i64,
}

/// Days on which follow-up forms were sent, where they were.
pub struct Sent {
    pub six_months: Option<i64>,
    pub twelve_months: Option<i64>,
}

impl Row {
    fn new() -> Self {
        Self { columns: Vec::new(), cells: Vec::new() }
    }

    fn put(&mut self, column: &'static str, value: impl ToString) {
        self.columns.push(column);
        self.cells.push(value.to_string());
    }

    fn tick(&mut self, column: &'static str, ticked: bool) {
        self.put(column, u8::from(ticked));
    }

    /// A number, or nothing.
    fn number(&mut self, column: &'static str, value: Option<u8>) {
        self.put(column, value.map_or_else(String::new, |number| number.to_string()));
    }

    fn items(&mut self, columns: &[&'static str], items: &[Option<u8>], coding: Coding) {
        for (column, item) in columns.iter().zip(items) {
            let text = match (coding, item) {
                (Coding::FromOne, Some(points)) => (points + 1).to_string(),
                (_, Some(answer)) => answer.to_string(),
                (Coding::FromOne | Coding::ZeroMissing, None) => "0".to_owned(),
                (Coding::MinusOneMissing, None) => "-1".to_owned(),
                (Coding::EmptyMissing, None) => String::new(),
            };
            self.put(column, text);
        }
    }

    fn patient_head(&mut self, head: &Head<'_>) {
        self.put("SkjemaGUID", &head.form);
        self.put("HovedskjemaGUID", head.course);
        self.put("PasientGUID", head.patient);
        self.put("FormStatus", head.status);
        self.put("DateOfCompletion", calendar::text(head.completed));
    }

    fn work(&mut self, employed: Option<bool>, work: Work) {
        self.number("IsEmployed", employed.map(u8::from));
        self.tick("S2_Working", work.working);
        self.tick("S2_SickLeave", work.sick_leave);
        self.tick("S2_StayAtHome", work.home);
        self.tick("S2_Student", work.student);
        self.tick("S2_Unemployed", work.unemployed);
        self.tick("S2_NAV", work.allowance);
        self.tick("S2_Pension", work.disability);
        self.tick("S2_RetirementPension", work.retired);
    }

    fn pain_and_disability(&mut self, answers: &Common) {
        self.number("PainExperiencesNoActivity", answers.rest);
        self.number("PainExperiencesActivity", answers.active);
        self.items(&ODI_ITEMS, &answers.oswestry, Coding::FromOne);
        self.put("OdiScore", score::disability(&answers.oswestry));
        let not_asked = [None; NDI_ITEMS.len()];
        let neck: &[Option<u8>] = answers.neck.as_deref().unwrap_or(&not_asked);
        self.items(&NDI_ITEMS, neck, Coding::FromOne);
        self.put("NdiScore", score::disability(neck));
    }

    fn quality_of_life(&mut self, answers: &Common) {
        self.items(&EQ5D_ITEMS, &answers.health_items, Coding::ZeroMissing);
        self.put("Score_EQ5DL", score::health_index(&answers.health_items));
        self.number("Eq5d_L_spm6", answers.health);
    }
}

/// The clinician form (1b).
pub fn clinician(draw: &mut Draw, course: &Course, head: &Head<'_>, diagnosis: &str, sent: &Sent) -> Row {
    let unit = course.unit;
    let mut row = Row::new();
    row.put("SkjemaGUID", &head.form);
    row.put("PasientGUID", head.patient);
    row.put("FormStatus", head.status);
    row.put("UnitId", unit.code);
    row.put("HealthUnitName", unit.name);
    row.put("Hospital", unit.hospital);
    row.put("HF", unit.trust);
    row.put("RHF", unit.region);
    row.put("S1b_DateOfCompletion", calendar::text(head.completed));
    row.put("FollowUpFormSentToPatient", sent.six_months.map_or_else(String::new, calendar::text));
    row.put("FollowUpFormSentToPatient12", sent.twelve_months.map_or_else(String::new, calendar::text));
    row.put("BackSurgery", draw.code(&profile::BACK_SURGERY));
    row.put("NeckSurgery", draw.code(&profile::NECK_SURGERY));
    row.put("DiagnosticNumber1", diagnosis);
    let normal = draw.chance(profile::RADIOLOGY_NORMAL);
    row.tick("RadiologicalF_Normal", normal);
    row.tick("RadiologicalF_Herniation", draw.chance(profile::RADIOLOGY_HERNIATION) && !normal);
    row.tick("RadiologicalF_RecessStenosis", draw.chance(profile::RADIOLOGY_RECESS) && !normal);
    let [doctor, physiotherapist, nurse, psychologist, social_worker] = assessors(draw, course);
    row.tick("TreatmentEvaluationByDoctor", doctor);
    row.tick("TreatmentEvaluationByPhysiotherapist", physiotherapist);
    row.tick("TreatmentEvaluationByNurse", nurse);
    row.tick("TreatmentEvaluationByPsychologist", psychologist);
    row.tick("TreatmentEvaluationBySocionom", social_worker);
    let (individual, group) = interdisciplinary(draw, course);
    row.put("Treatment_InvidualInterdisciplinary", individual);
    row.put("Treatment_GroupInterdisciplinary2018", group);
    row.put("VentetidFraHenvisningTilBesok", waiting_days(draw, unit.wait));
    let conversation = if draw.chance(plan::of_year(&profile::MASTERY_YEAR, course.year)) {
        1
    } else {
        draw.code(&[(2, 0.7), (0, 0.3)])
    };
    row.put("TreatmentMasteryOrientedConversation", conversation);
    row.put("CourseYellowFlagComplicatingFactors", draw.code(&profile::YELLOW_FLAG));
    row.tick("ParticipantHelseIArbeid", draw.chance(profile::WORK_CLINIC));
    row
}

/// The patient's form at the visit (1a).
pub fn baseline(head: &Head<'_>, person: &Person, answers: &Baseline) -> Row {
    let common = &answers.common;
    let mut row = Row::new();
    row.patient_head(head);
    row.put("PatientAge", answers.age);
    row.put("PatientGender", if person.woman { 2 } else { 1 });
    row.put("FamilyStatus", answers.civil_status);
    row.put("NationalCountry", person.country);
    row.put("EducationLevel", person.education);
    row.put("Profession", answers.profession);
    row.put("Smoking", answers.smoking);
    row.work(common.employed, common.work);
    row.put("PainDurationNow", answers.pain_duration);
    row.pain_and_disability(common);
    row.items(&HSCL_ITEMS, &answers.hopkins, Coding::ZeroMissing);
    row.put("HSCL10Score", score::mean(&answers.hopkins));
    row.items(&FABQ_PHYSICAL_ITEMS, &answers.avoidance_physical, Coding::EmptyMissing);
    row.items(&FABQ_WORK_ITEMS, &answers.avoidance_work, Coding::EmptyMissing);
    row.put("FABQScore1", score::prorated_sum(&answers.avoidance_physical));
    row.put("FABQScore2", score::prorated_sum(&answers.avoidance_work));
    row.quality_of_life(common);
    row.items(&UHI_ITEMS, &answers.complaints, Coding::MinusOneMissing);
    row.put("PainMedicinePrescription", common.medicine);
    row.put("PhysicalActivity", answers.physical_activity);
    row
}

/// The patient's form at 6 or 12 months (2, 3).
pub fn follow_up(head: &Head<'_>, answers: &FollowUp) -> Row {
    let common = &answers.common;
    let mut row = Row::new();
    row.patient_head(head);
    row.work(common.employed, common.work);
    row.pain_and_disability(common);
    row.quality_of_life(common);
    row.put("PainMedicinePrescription", common.medicine);
    row.put("UseOfTreatment", answers.effect);
    row.put("TreatmentSatisfaction", answers.satisfaction);
    row
}

/// Who assessed the patient: doctor, physiotherapist, nurse, psychologist, social worker.
fn assessors(draw: &mut Draw, course: &Course) -> [bool; 5] {
    let first = draw.pick(&profile::FIRST_ASSESSOR);
    let (always, with_treatment) = profile::SEVERAL_ASSESSORS;
    let several = draw.chance(always + with_treatment * course.unit.interdisciplinary);
    // The doctor and the physiotherapist are the usual pair.
    let second = if first == 0 { 1 } else { 0 };
    [0, 1, 2, 3, 4].map(|place| {
        let joins = several && (place == second || draw.chance(0.15));
        place == first || joins
    })
}

/// Individual sessions (0-3) and group sessions (0-4).
fn interdisciplinary(draw: &mut Draw, course: &Course) -> (u8, u8) {
    let yearly = plan::of_year(&profile::INTERDISCIPLINARY_YEAR, course.year);
    let share = (course.unit.interdisciplinary * yearly).min(profile::INTERDISCIPLINARY_MOST);
    if !draw.chance(share) {
        return (0, 0);
    }
    let individual = draw.code(&[(1, 0.55), (2, 0.35), (3, 0.10)]);
    let group = draw.code(&[(1, 0.35), (2, 0.25), (3, 0.25), (4, 0.15)]);
    match draw.pick(&[0.60, 0.25, 0.15]) {
        0 => (individual, 0),
        1 => (0, group),
        _ => (individual, group),
    }
}

/// Days from referral to visit, -1 when unknown.
fn waiting_days(draw: &mut Draw, bend: f64) -> i64 {
    let even = draw.share();
    if draw.chance(profile::WAIT_UNKNOWN) {
        return -1;
    }
    // Bends the share towards short or long waits and keeps it between 0 and 1.
    let share = even + bend * even * (1.0 - even);
    let steps = profile::WAIT.iter().zip(profile::WAIT.iter().skip(1));
    for ((share_before, days_before), (share_after, days_after)) in steps {
        if share <= *share_after {
            let part = (share - share_before) / (share_after - share_before);
            return ((days_before + part * (days_after - days_before)).ceil() as i64).max(1);
        }
    }
    300
}
