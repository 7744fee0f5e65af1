//! Coefficients of the EQ-5D-3L value sets, in millionths.
//!
//! Checked against an independent second source state by state; a term that a model does not have
//! is zero. Rows of `steps` are the dimensions in order, columns the levels 1 to 3.

/// An additive model of the three-level version, in millionths of full health.
pub(super) type Tariff = super::tariff::Tariff<3>;

/// United Kingdom, time trade-off (MVH A1): Dolan 1997, doi 10.1097/00005650-199711000-00002.
pub(super) const UK_TTO_MVH_A1: Tariff = Tariff {
    start: 1_000_000,
    any_problem: -81_000,
    any_worst: -269_000,
    steps: [
        [0, -69_000, -314_000],
        [0, -104_000, -214_000],
        [0, -36_000, -94_000],
        [0, -123_000, -386_000],
        [0, -71_000, -236_000],
    ],
};

/// Denmark, time trade-off: Wittrup-Jensen 2009, doi 10.1177/1403494809105287.
pub(super) const DENMARK_TTO: Tariff = Tariff {
    start: 1_000_000,
    any_problem: -114_000,
    any_worst: 0,
    steps: [
        [0, -53_000, -411_000],
        [0, -63_000, -192_000],
        [0, -48_000, -144_000],
        [0, -62_000, -396_000],
        [0, -68_000, -367_000],
    ],
};

/// Sweden, experience based: Burstrom 2014, doi 10.1007/s11136-013-0496-4. Full health is 0.9694,
/// as in the model; some programs print 1.
pub(super) const SWEDEN_TTO_EXPERIENCE: Tariff = Tariff {
    start: 969_400,
    any_problem: 0,
    any_worst: -43_300,
    steps: [
        [0, -66_600, -124_700],
        [0, -27_600, -27_600],
        [0, -101_200, -135_500],
        [0, -34_500, -90_400],
        [0, -55_200, -207_700],
    ],
};

/// The Swedish set with full health as 1, as some programs have it; every other state is worth what the model says.
pub(super) const SWEDEN_TTO_EXPERIENCE_FULL_1: Tariff = Tariff {
    start: 1_000_000,
    any_problem: SWEDEN_TTO_EXPERIENCE.start - 1_000_000,
    ..SWEDEN_TTO_EXPERIENCE
};

/// Germany, time trade-off: Greiner 2005, doi 10.1007/s10198-004-0264-z.
pub(super) const GERMANY_TTO: Tariff = Tariff {
    start: 1_000_000,
    any_problem: -1_000,
    any_worst: -323_000,
    steps: [
        [0, -99_000, -327_000],
        [0, -87_000, -174_000],
        [0, 0, 0],
        [0, -112_000, -315_000],
        [0, 0, -65_000],
    ],
};

/// The German set with mobility level 3 as the R package valueEQ5D has it: 33333 is -0.207, not -0.205.
pub(super) const GERMANY_TTO_MOBILITY_3_HIGH: Tariff = Tariff {
    steps: {
        let [[one, two, _], self_care, usual, pain, anxiety] = GERMANY_TTO.steps;
        [[one, two, -329_000], self_care, usual, pain, anxiety]
    },
    ..GERMANY_TTO
};

/// Netherlands, time trade-off: Lamers 2006, doi 10.1002/hec.1124.
pub(super) const NETHERLANDS_TTO_2006: Tariff = Tariff {
    start: 1_000_000,
    any_problem: -71_000,
    any_worst: -234_000,
    steps: [
        [0, -36_000, -161_000],
        [0, -82_000, -152_000],
        [0, -32_000, -57_000],
        [0, -86_000, -329_000],
        [0, -124_000, -325_000],
    ],
};

/// Netherlands, time trade-off: Roudijk and Jonker 2026, doi 10.1007/s10198-025-01892-2.
pub(super) const NETHERLANDS_TTO_2026: Tariff = Tariff {
    start: 1_000_000,
    any_problem: -154_000,
    any_worst: 0,
    steps: [
        [0, -45_000, -424_000],
        [0, -59_000, -144_000],
        [0, -11_000, -132_000],
        [0, -114_000, -509_000],
        [0, -96_000, -360_000],
    ],
};

/// United Kingdom, visual analogue scale (MVH A3), in Szende 2007, ISBN 1-4020-5511-0.
pub(super) const UK_VAS_MVH_A3: Tariff = Tariff {
    start: 1_000_000,
    any_problem: -155_000,
    any_worst: -215_000,
    steps: [
        [0, -71_000, -182_000],
        [0, -93_000, -145_000],
        [0, -31_000, -81_000],
        [0, -84_000, -171_000],
        [0, -63_000, -124_000],
    ],
};

/// Europe, visual analogue scale: Greiner 2003, in Szende 2007, ISBN 1-4020-5511-0.
pub(super) const EUROPE_VAS: Tariff = Tariff {
    start: 1_000_000,
    any_problem: -127_900,
    any_worst: -228_800,
    steps: [
        [0, -65_900, -182_900],
        [0, -117_300, -155_900],
        [0, -26_400, -86_000],
        [0, -93_000, -163_700],
        [0, -89_100, -129_000],
    ],
};

/// Denmark, visual analogue scale, in Szende 2007, ISBN 1-4020-5511-0.
pub(super) const DENMARK_VAS: Tariff = Tariff {
    start: 1_000_000,
    any_problem: -225_000,
    any_worst: 0,
    steps: [
        [0, -126_000, -252_000],
        [0, -112_000, -224_000],
        [0, -64_000, -128_000],
        [0, -78_000, -156_000],
        [0, -91_000, -182_000],
    ],
};

/// Finland, visual analogue scale, in Szende 2007, ISBN 1-4020-5511-0.
pub(super) const FINLAND_VAS: Tariff = Tariff {
    start: 1_000_000,
    any_problem: -158_000,
    any_worst: 0,
    steps: [
        [0, -58_000, -230_000],
        [0, -98_000, -143_000],
        [0, -47_000, -131_000],
        [0, -111_000, -153_000],
        [0, -160_000, -196_000],
    ],
};
