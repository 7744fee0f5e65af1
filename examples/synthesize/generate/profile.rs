//! Every constant the synthetic data are calibrated with.
//!
//! Counts, shares, means and standard deviations follow the register's published figures (its annual reports,
//! indicator tables and data-quality report, 2019-2025); nothing here comes from a patient's record. What is not
//! published (loads on the hidden severity, the shape of recovery) is chosen so that the published figures come out.

/// First and last year with printed counts per unit; other years repeat the nearest.
pub const COUNTED_YEARS: (i32, i32) = (2023, 2025);

/// Fewest courses of a unit in a year in which it exists, however far the data are scaled down.
pub const FEWEST_COURSES: usize = 3;

/// A unit, how many courses it has and how its patients differ from the country's.
pub struct Unit {
    pub code: u32,
    pub name: &'static str,
    pub hospital: &'static str,
    pub trust: &'static str,
    pub region: &'static str,
    /// Courses in 2023, 2024 and 2025; 0 where the unit did not take part.
    pub courses: [u32; 3],
    pub women: f64,
    pub age_shift: f64,
    pub severity: f64,
    pub recovery: f64,
    pub response: f64,
    pub interdisciplinary: f64,
    /// Between -1 (short waits) and 1 (long waits).
    pub wait: f64,
}

const SOUTH_EAST: &str = "Helse Sør-Øst";
const WEST: &str = "Helse Vest";
const MIDDLE: &str = "Helse Midt-Norge";
const NORTH: &str = "Helse Nord";

/// Code of the unit with more higher education and more patients born abroad than elsewhere.
pub const CAPITAL: u32 = 101;

pub static UNITS: [Unit; 16] = [
    Unit {
        code: CAPITAL,
        name: "OUS",
        hospital: "Oslo universitetssykehus, Ullevål",
        trust: "Oslo universitetssykehus HF",
        region: SOUTH_EAST,
        courses: [1278, 1404, 1153],
        women: 0.53,
        age_shift: -1.0,
        severity: 0.06,
        recovery: -0.05,
        response: -0.06,
        interdisciplinary: 0.23,
        wait: 0.0,
    },
    Unit {
        code: 102,
        name: "Kristiansand",
        hospital: "Sørlandet sykehus Kristiansand",
        trust: "Sørlandet sykehus HF",
        region: SOUTH_EAST,
        courses: [777, 770, 861],
        women: 0.53,
        age_shift: 0.5,
        severity: -0.10,
        recovery: 0.08,
        response: 0.10,
        interdisciplinary: 0.36,
        wait: -0.30,
    },
    Unit {
        code: 103,
        name: "Stavern",
        hospital: "Sykehuset i Vestfold, Stavern",
        trust: "Sykehuset i Vestfold HF",
        region: SOUTH_EAST,
        courses: [761, 1097, 1048],
        women: 0.54,
        age_shift: 1.0,
        severity: 0.08,
        recovery: -0.03,
        response: -0.04,
        interdisciplinary: 0.12,
        wait: -0.20,
    },
    Unit {
        code: 104,
        name: "Drammen",
        hospital: "Drammen sykehus",
        trust: "Vestre Viken HF",
        region: SOUTH_EAST,
        courses: [259, 265, 296],
        women: 0.55,
        age_shift: -1.5,
        severity: 0.13,
        recovery: -0.10,
        response: -0.10,
        interdisciplinary: 0.30,
        wait: 0.45,
    },
    Unit {
        code: 105,
        name: "SI-Ottestad",
        hospital: "Sykehuset Innlandet, Ottestad",
        trust: "Sykehuset Innlandet HF",
        region: SOUTH_EAST,
        courses: [0, 104, 140],
        women: 0.51,
        age_shift: 1.0,
        severity: 0.06,
        recovery: -0.05,
        response: -0.05,
        interdisciplinary: 0.40,
        wait: 0.10,
    },
    Unit {
        code: 201,
        name: "Haukeland",
        hospital: "Haukeland universitetssjukehus",
        trust: "Helse Bergen HF",
        region: WEST,
        courses: [722, 748, 706],
        women: 0.52,
        age_shift: 0.0,
        severity: -0.12,
        recovery: 0.08,
        response: 0.06,
        interdisciplinary: 0.34,
        wait: 0.30,
    },
    Unit {
        code: 202,
        name: "Stavanger",
        hospital: "Stavanger universitetssjukehus",
        trust: "Helse Stavanger HF",
        region: WEST,
        courses: [525, 508, 511],
        women: 0.50,
        age_shift: 0.5,
        severity: -0.05,
        recovery: 0.05,
        response: 0.02,
        interdisciplinary: 0.15,
        wait: -0.10,
    },
    Unit {
        code: 203,
        name: "Stord",
        hospital: "Stord sjukehus",
        trust: "Helse Fonna HF",
        region: WEST,
        courses: [0, 16, 137],
        women: 0.55,
        age_shift: 1.5,
        severity: -0.20,
        recovery: 0.10,
        response: 0.05,
        interdisciplinary: 0.30,
        wait: -0.70,
    },
    Unit {
        code: 301,
        name: "St. Olavs",
        hospital: "St. Olavs hospital",
        trust: "St. Olavs hospital HF",
        region: MIDDLE,
        courses: [1047, 959, 679],
        women: 0.53,
        age_shift: -0.5,
        severity: 0.0,
        recovery: 0.0,
        response: 0.03,
        interdisciplinary: 0.42,
        wait: 0.10,
    },
    Unit {
        code: 302,
        name: "Ålesund",
        hospital: "Ålesund sjukehus",
        trust: "Helse Møre og Romsdal HF",
        region: MIDDLE,
        courses: [163, 105, 118],
        women: 0.50,
        age_shift: 1.0,
        severity: -0.15,
        recovery: 0.12,
        response: 0.14,
        interdisciplinary: 0.25,
        wait: -0.50,
    },
    Unit {
        code: 303,
        name: "Levanger",
        hospital: "Sykehuset Levanger",
        trust: "Helse Nord-Trøndelag HF",
        region: MIDDLE,
        courses: [19, 63, 127],
        women: 0.50,
        age_shift: 2.5,
        severity: -0.08,
        recovery: 0.10,
        response: 0.05,
        interdisciplinary: 0.20,
        wait: -0.80,
    },
    Unit {
        code: 401,
        name: "UNN-Tromsø",
        hospital: "UNN Tromsø",
        trust: "Universitetssykehuset Nord-Norge HF",
        region: NORTH,
        courses: [313, 351, 338],
        women: 0.56,
        age_shift: -0.5,
        severity: 0.03,
        recovery: 0.0,
        response: -0.02,
        interdisciplinary: 0.42,
        wait: 0.50,
    },
    Unit {
        code: 402,
        name: "UNN-Harstad",
        hospital: "UNN Harstad",
        trust: "Universitetssykehuset Nord-Norge HF",
        region: NORTH,
        courses: [104, 117, 113],
        women: 0.57,
        age_shift: 1.5,
        severity: 0.10,
        recovery: -0.10,
        response: -0.05,
        interdisciplinary: 0.63,
        wait: -0.20,
    },
    Unit {
        code: 403,
        name: "Bodø",
        hospital: "Nordlandssykehuset Bodø",
        trust: "Nordlandssykehuset HF",
        region: NORTH,
        courses: [47, 87, 80],
        women: 0.60,
        age_shift: -2.5,
        severity: 0.05,
        recovery: -0.05,
        response: -0.06,
        interdisciplinary: 0.10,
        wait: 0.80,
    },
    Unit {
        code: 404,
        name: "Sandnessjøen",
        hospital: "Helgelandssykehuset Sandnessjøen",
        trust: "Helgelandssykehuset HF",
        region: NORTH,
        courses: [48, 58, 74],
        women: 0.58,
        age_shift: 2.0,
        severity: 0.10,
        recovery: 0.0,
        response: 0.0,
        interdisciplinary: 0.03,
        wait: -0.60,
    },
    Unit {
        code: 405,
        name: "Kirkenes",
        hospital: "Finnmarkssykehuset Kirkenes",
        trust: "Finnmarkssykehuset HF",
        region: NORTH,
        courses: [0, 0, 14],
        women: 0.60,
        age_shift: 1.0,
        severity: 0.15,
        recovery: -0.10,
        response: -0.10,
        interdisciplinary: 0.015,
        wait: 0.30,
    },
];

/// Share of courses whose patient has been in the register before; about 8 % of patients then have several courses.
pub const RETURNING: f64 = 0.078;
/// Fewest days between two courses of a patient.
pub const BETWEEN_COURSES: i64 = 30;

// Who the patients are.
pub const AGE: (f64, f64) = (47.3, 14.3);
pub const AGE_RANGE: (f64, f64) = (16.0, 92.0);
pub const FIRST_AGE_MOST: f64 = 89.9;
/// Civil status 1 married, 2 cohabiting, 3 single, 0 not answered: before 30, before 50, later.
pub const CIVIL_STATUS: [[(u8, f64); 4]; 3] = [
    [(1, 9.0), (2, 32.0), (3, 57.5), (0, 1.5)],
    [(1, 39.0), (2, 30.0), (3, 29.5), (0, 1.5)],
    [(1, 62.0), (2, 14.0), (3, 22.5), (0, 1.5)],
];
/// Education 1-5, 0 not answered; the last level is more common in the capital.
pub const EDUCATION: [(u8, f64); 6] = [(1, 12.9), (2, 33.1), (3, 12.5), (4, 20.3), (5, 15.8), (0, 2.0)];
pub const EDUCATION_CAPITAL: [(u8, f64); 6] =
    [(1, 12.9), (2, 33.1), (3, 12.5), (4, 20.3), (5, 32.8), (0, 2.0)];
pub const COUNTRY: [(u8, f64); 8] =
    [(1, 85.0), (2, 6.5), (3, 2.0), (4, 4.2), (5, 0.4), (6, 0.5), (7, 0.3), (0, 1.1)];
pub const COUNTRY_CAPITAL: [(u8, f64); 8] =
    [(1, 59.0), (2, 15.0), (3, 8.0), (4, 14.0), (5, 0.9), (6, 1.4), (7, 0.6), (0, 1.1)];
pub const SMOKING: [(u8, f64); 4] = [(1, 14.0), (2, 83.0), (3, 0.9), (0, 2.1)];
pub const PAIN_DURATION: [(u8, f64); 6] = [(1, 0.7), (2, 5.6), (3, 31.4), (4, 16.1), (5, 44.5), (0, 1.7)];
pub const PHYSICAL_ACTIVITY: [(u8, f64); 5] = [(1, 934.0), (2, 3576.0), (3, 965.0), (4, 287.0), (0, 168.0)];

/// Main diagnosis as ICD-10 code, courses of 2023, and the share with a neck complaint.
pub const DIAGNOSES: [(&str, f64, f64); 19] = [
    ("M54.5", 3296.0, 0.385),
    ("M54.2", 1220.0, 0.99),
    ("M51.1", 559.0, 0.30),
    ("M48.0", 257.0, 0.35),
    ("M54.6", 170.0, 0.60),
    ("M50.1", 106.0, 0.99),
    ("M47.2", 90.0, 0.80),
    ("M43.1", 49.0, 0.30),
    ("M54.4", 28.0, 0.30),
    ("M53.1", 26.0, 0.95),
    ("M54.9", 24.0, 0.50),
    ("M47.8", 22.0, 0.50),
    ("M79.1", 19.0, 0.60),
    ("M51.3", 16.0, 0.25),
    ("M50.3", 14.0, 0.99),
    ("M46.1", 9.0, 0.20),
    ("M53.0", 6.0, 0.99),
    ("S13.4", 5.0, 0.99),
    ("", 14.0, 0.50),
];
/// Shares of codes typed in small letters and without the point.
pub const TYPED_SMALL: f64 = 0.010;
pub const TYPED_WITHOUT_POINT: f64 = 0.010;

// The clinician form. Codes: 1 yes, 2 no, 3 unknown, 0 empty.
pub const BACK_SURGERY: [(u8, f64); 4] = [(1, 10.0), (2, 87.6), (3, 0.7), (0, 1.7)];
pub const NECK_SURGERY: [(u8, f64); 4] = [(1, 2.3), (2, 95.0), (3, 0.7), (0, 2.0)];
pub const YELLOW_FLAG: [(u8, f64); 3] = [(1, 34.0), (2, 61.0), (0, 5.0)];
pub const RADIOLOGY_NORMAL: f64 = 0.414;
/// Of those not normal.
pub const RADIOLOGY_HERNIATION: f64 = 0.502;
pub const RADIOLOGY_RECESS: f64 = 0.367;
/// Doctor, physiotherapist, nurse, psychologist, social worker as the first to assess.
pub const FIRST_ASSESSOR: [f64; 5] = [0.70, 0.27, 0.02, 0.005, 0.005];
/// Assessed by several professions: a share of all, and more where treatment is interdisciplinary.
pub const SEVERAL_ASSESSORS: (f64, f64) = (0.05, 0.25);
/// Interdisciplinary treatment in 2023, 2024, 2025 against the unit's usual share, and the most a unit may have.
pub const INTERDISCIPLINARY_YEAR: [f64; 3] = [1.05, 0.96, 1.07];
pub const INTERDISCIPLINARY_MOST: f64 = 0.65;
pub const MASTERY_YEAR: [f64; 3] = [0.920, 0.945, 0.967];
pub const WORK_CLINIC: f64 = 0.05;
/// Waiting days at cumulative shares of the courses; straight lines between.
pub static WAIT: [(f64, f64); 8] = [
    (0.0, 0.0),
    (0.168, 25.0),
    (0.518, 50.0),
    (0.786, 75.0),
    (0.899, 100.0),
    (0.947, 125.0),
    (0.979, 150.0),
    (1.0, 300.0),
];
pub const WAIT_UNKNOWN: f64 = 0.06;

/// Items answered from a hidden score: intercepts, load of the score, noise of each answer.
pub struct Scale<const N: usize> {
    pub intercepts: [f64; N],
    pub load: f64,
    pub noise: f64,
}

// Mean 33.7 (SD 15.2) of 100 for ODI, 35.5 (16) for NDI, 2.07 (0.7) for HSCL-10, 14.2 and 22.6 for FABQ.
pub const ODI: Scale<10> = Scale {
    intercepts: [2.375, 0.725, 2.175, 0.975, 1.975, 2.225, 1.425, 1.525, 1.675, 1.225],
    load: 0.80,
    noise: 0.85,
};
pub const NDI: Scale<10> = Scale {
    intercepts: [2.14, 0.74, 2.04, 1.79, 2.04, 1.49, 1.99, 1.34, 1.79, 1.89],
    load: 0.83,
    noise: 0.95,
};
pub const HSCL: Scale<10> = Scale {
    intercepts: [1.885, 1.735, 1.685, 2.235, 1.985, 2.535, 1.785, 1.985, 2.135, 1.785],
    load: 0.85,
    noise: 0.70,
};
pub const FABQ_PHYSICAL: Scale<4> = Scale { intercepts: [3.66; 4], load: 1.62, noise: 1.35 };
pub const FABQ_WORK: Scale<7> = Scale { intercepts: [3.32; 7], load: 2.05, noise: 1.50 };
/// EQ-5D-5L in its order: mobility, self-care, usual activities, pain, anxiety.
pub const EQ5D: Scale<5> = Scale { intercepts: [1.90, 1.35, 2.55, 3.05, 2.05], load: 1.0, noise: 0.55 };
pub const EQ5D_LOADS: [f64; 5] = [0.75, 0.55, 0.72, 0.55, 0.75];
/// Mean and load of the pain scales (0-10) and of the EQ-5D health scale (0-100).
pub const PAIN_AT_REST: (f64, f64) = (5.62, 2.35);
pub const PAIN_ACTIVE: (f64, f64) = (6.78, 2.35);
pub const HEALTH: (f64, f64) = (50.4, 20.6);
/// Analgesics on prescription: never, less than weekly, weekly, daily.
pub const MEDICINE_CUTS: [f64; 3] = [0.020, 0.501, 1.008];
/// Health complaints 0-3; the third to the eighth are pains and more common here.
pub const COMPLAINT_CUTS: [f64; 3] = [0.126, 0.954, 1.645];
pub const PAIN_COMPLAINTS: std::ops::Range<usize> = 2..8;

/// EQ-5D-5L decrements of levels 2-5 in millionths: the Norwegian value set (Garratt 2025).
pub const EQ5D_DECREMENTS: [[i64; 4]; 5] = [
    [31_160, 64_985, 158_875, 205_000],
    [31_312, 65_302, 159_650, 206_000],
    [27_208, 56_743, 138_725, 179_000],
    [59_432, 123_947, 303_025, 391_000],
    [71_744, 149_624, 365_800, 472_000],
];

/// How a hidden score moves after the visit, given recovery (standard normal).
///
/// Most patients change little, some recover well, a few get much worse: what is seen in the published shares of
/// improved patients beside the published means.
pub struct Change {
    /// Share of the baseline score kept.
    pub keep: f64,
    pub start: f64,
    /// Gain per unit of recovery above `from`.
    pub gain: f64,
    pub from: f64,
    /// Loss per unit of recovery below -1.1.
    pub loss: f64,
    /// Chance variation.
    pub wander: f64,
}

pub const ODI_CHANGE: Change =
    Change { keep: 0.955, start: -0.155, gain: 1.5, from: 0.60, loss: 2.0, wander: 0.20 };
pub const NDI_CHANGE: Change =
    Change { keep: 0.93, start: 0.20, gain: 0.85, from: 0.3, loss: 0.0, wander: 0.30 };
pub const REST_CHANGE: Change =
    Change { keep: 0.80, start: 0.07, gain: 1.0, from: -0.1, loss: 0.0, wander: 0.54 };
pub const ACTIVE_CHANGE: Change =
    Change { keep: 0.80, start: -0.06, gain: 1.3, from: -0.1, loss: 0.0, wander: 0.45 };

/// Global perceived effect 1-7 and satisfaction 1-5: cut points of a normal score, from the printed distributions.
pub const EFFECT_CUTS: [f64; 6] = [-2.063, -0.975, -0.217, 0.996, 1.483, 2.021];
pub const SATISFACTION_CUTS: [f64; 4] = [0.114, 0.536, 1.270, 1.748];

// Who answers. A score above the threshold answers; those who fare worse, the young, men and those with little
// education answer less often, so the missing forms are not missing at random.
pub const RESPONSE_THRESHOLDS: [f64; 2] = [-0.455, -0.275];
pub const RESPONSE_LASTING: f64 = 0.70;
pub const RESPONSE_PASSING: f64 = 0.71;
/// Courses to which no follow-up form is sent.
pub const NOT_SENT: f64 = 0.01;

/// Answers missing: the whole block, and each item beside it.
pub struct Missing<const N: usize> {
    pub block: f64,
    pub each: [f64; N],
}

/// The eighth is the item on sex life.
pub const ODI_EACH: [f64; 10] = [0.002, 0.002, 0.004, 0.003, 0.001, 0.002, 0.003, 0.0815, 0.006, 0.007];
/// The eighth is driving: many do not drive.
pub const NDI_EACH: [f64; 10] = [0.003, 0.002, 0.004, 0.006, 0.003, 0.003, 0.012, 0.060, 0.003, 0.006];
pub const ODI_MISSING: Missing<10> = Missing { block: 0.018, each: ODI_EACH };
pub const NDI_MISSING: Missing<10> = Missing { block: 0.012, each: NDI_EACH };
pub const NDI_MISSING_LATER: Missing<10> = Missing { block: 0.030, each: NDI_EACH };
pub const HSCL_MISSING: Missing<10> = Missing { block: 0.016, each: [0.004; 10] };
pub const FABQ_PHYSICAL_MISSING: Missing<4> = Missing { block: 0.012, each: [0.010, 0.012, 0.014, 0.018] };
pub const FABQ_WORK_MISSING: Missing<7> =
    Missing { block: 0.026, each: [0.02, 0.03, 0.04, 0.06, 0.11, 0.18, 0.34] };
pub const EQ5D_MISSING: Missing<5> = Missing { block: 0.135, each: [0.0035; 5] };
pub const EQ5D_MISSING_LATER: Missing<5> = Missing { block: 0.055, each: [0.0035; 5] };
/// The health scale beside the EQ-5D block it stands in.
pub const HEALTH_MISSING: f64 = 0.007;
/// Both pain scales, then rest and activity alone; at the visit and later.
pub const PAIN_MISSING: [f64; 3] = [0.026, 0.008, 0.007];
pub const PAIN_MISSING_LATER: [f64; 3] = [0.066, 0.012, 0.006];
/// The ODI block at 6 and at 12 months.
pub const ODI_BLOCK_LATER: [f64; 2] = [0.040, 0.034];
pub const MEDICINE_MISSING: f64 = 0.075;
pub const WORK_MISSING: f64 = 0.013;
pub const EMPLOYED_MISSING: f64 = 0.02;
pub const EFFECT_MISSING: f64 = 0.035;
pub const SATISFACTION_MISSING: f64 = 0.031;
pub const COMPLAINT_MISSING: f64 = 0.015;
/// The two complaints around menstruation (30 and 31): women, men.
pub const MENSTRUAL_COMPLAINTS: std::ops::Range<usize> = 29..31;
pub const MENSTRUAL_MISSING: (f64, f64) = (0.10, 0.92);
pub const PROFESSION_EMPTY: f64 = 0.05;

// How the forms are handled: shares of courses, or of forms.
pub const CLINICIAN_ONLY: f64 = 0.015;
pub const CLINICIAN_NOT_FINAL: f64 = 0.010;
pub const FORM_NOT_FINAL: f64 = 0.006;
pub const FORM_TWICE: f64 = 0.007;
pub const COURSE_UNKNOWN: f64 = 0.001;
/// Draft, deleted, returned.
pub const NOT_FINAL: [(u8, f64); 3] = [(1, 60.0), (4, 25.0), (5, 15.0)];
