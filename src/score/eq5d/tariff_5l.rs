//! Coefficients of the EQ-5D-5L value sets, in millionths.
//!
//! Checked against an independent second source state by state; a term that a model does not have
//! is zero. Rows of `steps` are the dimensions in order, columns the levels 1 to 5.

/// An additive model of the five-level version, in millionths of full health.
pub(super) type Tariff = super::tariff::Tariff<5>;

/// Norway: Garratt 2025, doi 10.1007/s11136-024-03837-3.
pub(super) const NORWAY_2025: Tariff = Tariff {
    start: 1_000_000,
    any_problem: 0,
    any_worst: 0,
    steps: [
        [0, -31_160, -64_985, -158_875, -205_000],
        [0, -31_312, -65_302, -159_650, -206_000],
        [0, -27_208, -56_743, -138_725, -179_000],
        [0, -59_432, -123_947, -303_025, -391_000],
        [0, -71_744, -149_624, -365_800, -472_000],
    ],
};

/// United Kingdom: Rowen 2026, doi 10.1016/j.jval.2026.03.008.
pub(super) const UK_2026: Tariff = Tariff {
    start: 1_000_000,
    any_problem: 0,
    any_worst: 0,
    steps: [
        [0, -32_000, -58_000, -179_000, -279_000],
        [0, -38_000, -60_000, -162_000, -206_000],
        [0, -49_000, -86_000, -184_000, -212_000],
        [0, -56_000, -66_000, -371_000, -479_000],
        [0, -41_000, -126_000, -313_000, -391_000],
    ],
};

/// England: Devlin 2018, doi 10.1002/hec.3564.
pub(super) const ENGLAND_2018: Tariff = Tariff {
    start: 1_000_000,
    any_problem: 0,
    any_worst: 0,
    steps: [
        [0, -58_000, -76_000, -207_000, -274_000],
        [0, -50_000, -80_000, -164_000, -203_000],
        [0, -50_000, -63_000, -162_000, -184_000],
        [0, -63_000, -84_000, -276_000, -335_000],
        [0, -78_000, -104_000, -285_000, -289_000],
    ],
};

/// Denmark: Jensen 2021, doi 10.1007/s40258-021-00639-3.
pub(super) const DENMARK_2021: Tariff = Tariff {
    start: 1_000_000,
    any_problem: 0,
    any_worst: 0,
    steps: [
        [0, -41_000, -54_000, -157_000, -220_000],
        [0, -35_000, -50_000, -144_000, -209_000],
        [0, -33_000, -40_000, -139_000, -174_000],
        [0, -48_000, -94_000, -381_000, -537_000],
        [0, -72_000, -191_000, -430_000, -618_000],
    ],
};

/// Sweden, experience based: Burstrom 2020, doi 10.1007/s40273-020-00905-7. Full health is 0.9755.
pub(super) const SWEDEN_2020_EXPERIENCE_TTO: Tariff = Tariff {
    start: 975_500,
    any_problem: 0,
    any_worst: -2_300,
    steps: [
        [0, -28_700, -34_600, -52_300, -52_300],
        [0, -25_400, -81_700, -82_400, -82_400],
        [0, -54_900, -114_300, -163_900, -163_900],
        [0, -10_800, -42_800, -102_400, -197_400],
        [0, -32_500, -86_800, -200_200, -233_900],
    ],
};

/// Sweden, hypothetical states: Sun 2022, doi 10.1186/s12955-022-02083-w.
pub(super) const SWEDEN_2022: Tariff = Tariff {
    start: 1_000_000,
    any_problem: 0,
    any_worst: 0,
    steps: [
        [0, -22_000, -26_000, -87_000, -132_000],
        [0, -19_000, -56_000, -113_000, -159_000],
        [0, -22_000, -48_000, -131_000, -187_000],
        [0, -10_000, -47_000, -319_000, -442_000],
        [0, -31_000, -122_000, -277_000, -394_000],
    ],
};

/// Germany: Ludwig 2018, doi 10.1007/s40273-018-0615-8. Sources differ on anxiety level 4 (0.244
/// here, 0.224 in one program).
pub(super) const GERMANY_2018: Tariff = Tariff {
    start: 1_000_000,
    any_problem: 0,
    any_worst: 0,
    steps: [
        [0, -26_000, -42_000, -139_000, -224_000],
        [0, -50_000, -56_000, -169_000, -260_000],
        [0, -36_000, -49_000, -129_000, -209_000],
        [0, -57_000, -109_000, -404_000, -612_000],
        [0, -30_000, -82_000, -244_000, -356_000],
    ],
};

/// The German set with anxiety level 4 as the R package eq5dsuite has it.
pub(super) const GERMANY_2018_ANXIETY_4_LOW: Tariff = Tariff {
    steps: {
        let [mobility, self_care, usual, pain, [one, two, three, _, five]] = GERMANY_2018.steps;
        [mobility, self_care, usual, pain, [one, two, three, -224_000, five]]
    },
    ..GERMANY_2018
};

/// Netherlands: Versteegh 2016, doi 10.1016/j.jval.2016.01.003.
pub(super) const NETHERLANDS_2016: Tariff = Tariff {
    start: 1_000_000,
    any_problem: -47_000,
    any_worst: 0,
    steps: [
        [0, -35_000, -57_000, -166_000, -203_000],
        [0, -38_000, -61_000, -168_000, -168_000],
        [0, -39_000, -87_000, -192_000, -192_000],
        [0, -66_000, -92_000, -360_000, -415_000],
        [0, -70_000, -145_000, -356_000, -421_000],
    ],
};
