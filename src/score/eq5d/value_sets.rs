//! National value sets of EQ-5D: what a health state is worth, 1 for full health, 0 for dead.

use crate::error::{Error, unknown};
use crate::score::ratio::Ratio;

use super::crosswalk::official_thousandths;
use super::state::{EqVersion, HealthState};
use super::tariff::Tariff;
use super::{tariff_3l, tariff_5l};

/// A published value set.
///
/// Which set a register uses is a choice to be stated beside every mean: values of different sets
/// are not comparable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ValueSet {
    /// EQ-5D-5L, Norway: Garratt 2025, doi 10.1007/s11136-024-03837-3.
    Norway2025,
    /// EQ-5D-5L, United Kingdom: Rowen 2026, doi 10.1016/j.jval.2026.03.008.
    Uk2026,
    /// EQ-5D-5L, England: Devlin 2018, doi 10.1002/hec.3564.
    England2018,
    /// EQ-5D-5L, Denmark: Jensen 2021, doi 10.1007/s40258-021-00639-3.
    Denmark2021,
    /// EQ-5D-5L, Sweden, experience based: Burstrom 2020, doi 10.1007/s40273-020-00905-7. Full
    /// health is 0.9755.
    Sweden2020ExperienceTto,
    /// EQ-5D-5L, Sweden, hypothetical states: Sun 2022, doi 10.1186/s12955-022-02083-w.
    Sweden2022,
    /// EQ-5D-5L, Germany: Ludwig 2018, doi 10.1007/s40273-018-0615-8. Sources differ on anxiety
    /// level 4: 0.244 here, 0.224 in [`Germany2018AnxietyLow`](Self::Germany2018AnxietyLow).
    Germany2018,
    /// The same with 0.224 for anxiety level 4, as the R package eq5dsuite has it.
    Germany2018AnxietyLow,
    /// EQ-5D-5L, Netherlands: Versteegh 2016, doi 10.1016/j.jval.2016.01.003.
    Netherlands2016,
    /// EQ-5D-3L, United Kingdom, time trade-off (MVH A1): Dolan 1997, doi
    /// 10.1097/00005650-199711000-00002.
    UkTtoMvhA1,
    /// EQ-5D-3L, Denmark, time trade-off: Wittrup-Jensen 2009, doi 10.1177/1403494809105287.
    DenmarkTto,
    /// EQ-5D-3L, Sweden, experience based: Burstrom 2014, doi 10.1007/s11136-013-0496-4. Full
    /// health is 0.9694, as in the model; some programs print 1, as
    /// [`SwedenTtoExperienceFull1`](Self::SwedenTtoExperienceFull1) does.
    SwedenTtoExperience,
    /// The same with 1 for full health.
    SwedenTtoExperienceFull1,
    /// EQ-5D-3L, Germany, time trade-off: Greiner 2005, doi 10.1007/s10198-004-0264-z. Sources differ on
    /// mobility level 3: 0.327 here (33333 is -0.205), 0.329 in
    /// [`GermanyTtoMobilityHigh`](Self::GermanyTtoMobilityHigh).
    GermanyTto,
    /// The same with 0.329 for mobility level 3, as the R package valueEQ5D has it: 33333 is -0.207.
    GermanyTtoMobilityHigh,
    /// EQ-5D-3L, Netherlands, time trade-off: Lamers 2006, doi 10.1002/hec.1124.
    NetherlandsTto2006,
    /// EQ-5D-3L, Netherlands, time trade-off: Roudijk and Jonker 2026, doi
    /// 10.1007/s10198-025-01892-2.
    NetherlandsTto2026,
    /// EQ-5D-3L, United Kingdom, visual analogue scale (MVH A3), in Szende 2007, ISBN
    /// 1-4020-5511-0.
    UkVasMvhA3,
    /// EQ-5D-3L, Europe, visual analogue scale: Greiner 2003, in Szende 2007, ISBN 1-4020-5511-0.
    EuropeVas,
    /// EQ-5D-3L, Denmark, visual analogue scale, in Szende 2007, ISBN 1-4020-5511-0.
    DenmarkVas,
    /// EQ-5D-3L, Finland, visual analogue scale, in Szende 2007, ISBN 1-4020-5511-0.
    FinlandVas,
    /// EQ-5D-5L through the crosswalk to the three-level time trade-off set of the United Kingdom,
    /// the official table with three decimals: van Hout 2012, doi 10.1016/j.jval.2012.02.008.
    CrosswalkUk2012,
    /// EQ-5D-5L through the crosswalk to the three-level time trade-off set of Denmark, the
    /// official table with three decimals: van Hout 2012, doi 10.1016/j.jval.2012.02.008.
    CrosswalkDenmark2012,
    /// EQ-5D-5L through the crosswalk to the three-level time trade-off set of Germany, the
    /// official table with three decimals: van Hout 2012, doi 10.1016/j.jval.2012.02.008.
    CrosswalkGermany2012,
    /// EQ-5D-5L through the crosswalk to the three-level time trade-off set of the Netherlands
    /// (2006), the official table with three decimals: van Hout 2012, doi
    /// 10.1016/j.jval.2012.02.008.
    CrosswalkNetherlands2012,
}

/// Every value set with its identifier.
static IDS: [(ValueSet, &str); 25] = [
    (ValueSet::Norway2025, "norway_2025"),
    (ValueSet::Uk2026, "uk_2026"),
    (ValueSet::England2018, "england_2018"),
    (ValueSet::Denmark2021, "denmark_2021"),
    (ValueSet::Sweden2020ExperienceTto, "sweden_2020_experience_tto"),
    (ValueSet::Sweden2022, "sweden_2022"),
    (ValueSet::Germany2018, "germany_2018"),
    (ValueSet::Germany2018AnxietyLow, "germany_2018_anxiety_low"),
    (ValueSet::Netherlands2016, "netherlands_2016"),
    (ValueSet::UkTtoMvhA1, "uk_tto_mvh_a1"),
    (ValueSet::DenmarkTto, "denmark_tto"),
    (ValueSet::SwedenTtoExperience, "sweden_tto_experience"),
    (ValueSet::SwedenTtoExperienceFull1, "sweden_tto_experience_full_1"),
    (ValueSet::GermanyTto, "germany_tto"),
    (ValueSet::GermanyTtoMobilityHigh, "germany_tto_mobility_high"),
    (ValueSet::NetherlandsTto2006, "netherlands_tto_2006"),
    (ValueSet::NetherlandsTto2026, "netherlands_tto_2026"),
    (ValueSet::UkVasMvhA3, "uk_vas_mvh_a3"),
    (ValueSet::EuropeVas, "europe_vas"),
    (ValueSet::DenmarkVas, "denmark_vas"),
    (ValueSet::FinlandVas, "finland_vas"),
    (ValueSet::CrosswalkUk2012, "crosswalk2012_uk"),
    (ValueSet::CrosswalkDenmark2012, "crosswalk2012_denmark"),
    (ValueSet::CrosswalkGermany2012, "crosswalk2012_germany"),
    (ValueSet::CrosswalkNetherlands2012, "crosswalk2012_netherlands"),
];

impl ValueSet {
    /// Every value set.
    pub fn all() -> impl Iterator<Item = ValueSet> {
        IDS.iter().map(|(set, _)| *set)
    }

    /// A stable name for machines, such as `norway_2025` or `crosswalk2012_uk`.
    pub fn id(&self) -> &'static str {
        IDS.iter().find(|(set, _)| set == self).map_or("", |(_, id)| *id)
    }

    /// The value set with this name.
    ///
    /// # Errors
    ///
    /// If there is none; the message names the nearest spelling.
    pub fn parse(id: &str) -> Result<ValueSet, Error> {
        IDS.iter()
            .find(|(_, known)| *known == id)
            .map(|(set, _)| *set)
            .ok_or_else(|| Error::score(unknown("EQ-5D value set", id, IDS.iter().map(|(_, known)| *known))))
    }

    /// The version of the questionnaire that the set values.
    pub fn version(&self) -> EqVersion {
        if self.three_level().is_some() { EqVersion::ThreeLevel } else { EqVersion::FiveLevel }
    }

    /// The exact value of a state: the sum of the published coefficients, or the official three
    /// decimals of a crosswalk.
    ///
    /// # Errors
    ///
    /// If the state is of the other version.
    ///
    /// ```
    /// use registat::{EqVersion, HealthState, Ratio, ValueSet};
    ///
    /// // Garratt 2025: values range from -0.453 to 1.
    /// let worst = HealthState::parse("55555", EqVersion::FiveLevel)?;
    /// let value = ValueSet::Norway2025.index(&worst)?;
    /// assert_eq!(Some(value), Ratio::new(-453, 1000));
    /// # Ok::<(), registat::Error>(())
    /// ```
    pub fn index(&self, state: &HealthState) -> Result<Ratio, Error> {
        if state.version() != self.version() {
            return Err(Error::score(
                "the health state and the value set belong to different versions of EQ-5D",
            ));
        }
        let levels = state.levels();
        let millionths = if let Some(tariff) = self.three_level() {
            tariff.value(levels)
        } else if let Some(tariff) = self.five_level() {
            tariff.value(levels)
        } else {
            self.crosswalk_target()
                .and_then(|tariff| official_thousandths(tariff, levels))
                .map(|thousandths| thousandths * 1000)
        };
        millionths
            .and_then(|value| Ratio::new(value, 1_000_000))
            .ok_or_else(|| Error::score("the EQ-5D value set has no value for this state"))
    }

    /// The model of a three-level set.
    pub(super) fn three_level(&self) -> Option<&'static Tariff<3>> {
        match self {
            ValueSet::UkTtoMvhA1 => Some(&tariff_3l::UK_TTO_MVH_A1),
            ValueSet::DenmarkTto => Some(&tariff_3l::DENMARK_TTO),
            ValueSet::SwedenTtoExperience => Some(&tariff_3l::SWEDEN_TTO_EXPERIENCE),
            ValueSet::SwedenTtoExperienceFull1 => Some(&tariff_3l::SWEDEN_TTO_EXPERIENCE_FULL_1),
            ValueSet::GermanyTto => Some(&tariff_3l::GERMANY_TTO),
            ValueSet::GermanyTtoMobilityHigh => Some(&tariff_3l::GERMANY_TTO_MOBILITY_3_HIGH),
            ValueSet::NetherlandsTto2006 => Some(&tariff_3l::NETHERLANDS_TTO_2006),
            ValueSet::NetherlandsTto2026 => Some(&tariff_3l::NETHERLANDS_TTO_2026),
            ValueSet::UkVasMvhA3 => Some(&tariff_3l::UK_VAS_MVH_A3),
            ValueSet::EuropeVas => Some(&tariff_3l::EUROPE_VAS),
            ValueSet::DenmarkVas => Some(&tariff_3l::DENMARK_VAS),
            ValueSet::FinlandVas => Some(&tariff_3l::FINLAND_VAS),
            _ => None,
        }
    }

    /// The model of a five-level set.
    pub(super) fn five_level(&self) -> Option<&'static Tariff<5>> {
        match self {
            ValueSet::Norway2025 => Some(&tariff_5l::NORWAY_2025),
            ValueSet::Uk2026 => Some(&tariff_5l::UK_2026),
            ValueSet::England2018 => Some(&tariff_5l::ENGLAND_2018),
            ValueSet::Denmark2021 => Some(&tariff_5l::DENMARK_2021),
            ValueSet::Sweden2020ExperienceTto => Some(&tariff_5l::SWEDEN_2020_EXPERIENCE_TTO),
            ValueSet::Sweden2022 => Some(&tariff_5l::SWEDEN_2022),
            ValueSet::Germany2018 => Some(&tariff_5l::GERMANY_2018),
            ValueSet::Germany2018AnxietyLow => Some(&tariff_5l::GERMANY_2018_ANXIETY_4_LOW),
            ValueSet::Netherlands2016 => Some(&tariff_5l::NETHERLANDS_2016),
            _ => None,
        }
    }

    /// The three-level model that a crosswalk leads to.
    fn crosswalk_target(&self) -> Option<&'static Tariff<3>> {
        match self {
            ValueSet::CrosswalkUk2012 => Some(&tariff_3l::UK_TTO_MVH_A1),
            ValueSet::CrosswalkDenmark2012 => Some(&tariff_3l::DENMARK_TTO),
            ValueSet::CrosswalkGermany2012 => Some(&tariff_3l::GERMANY_TTO),
            ValueSet::CrosswalkNetherlands2012 => Some(&tariff_3l::NETHERLANDS_TTO_2006),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{EqVersion, HealthState, Ratio, ValueSet};

    fn value(set: ValueSet, digits: &str) -> Option<Ratio> {
        let state = HealthState::parse(digits, set.version()).ok()?;
        set.index(&state).ok()
    }

    #[test]
    fn every_set_reads_back_from_its_name_and_values_full_health() {
        for set in ValueSet::all() {
            assert_eq!(ValueSet::parse(set.id()).ok(), Some(set));
            assert!(value(set, "11111").is_some_and(|v| v <= Ratio::whole(1)));
        }
        assert!(ValueSet::parse("").is_err());
    }

    #[test]
    fn worst_states_have_their_published_values() {
        assert_eq!(value(ValueSet::UkTtoMvhA1, "33333"), Ratio::new(-594, 1000));
        assert_eq!(value(ValueSet::DenmarkTto, "33333"), Ratio::new(-624, 1000));
        assert_eq!(value(ValueSet::England2018, "55555"), Ratio::new(-285, 1000));
        assert_eq!(value(ValueSet::CrosswalkUk2012, "55555"), Ratio::new(-594, 1000));
        assert_eq!(value(ValueSet::CrosswalkUk2012, "21111"), Ratio::new(877, 1000));
    }

    #[test]
    fn a_state_of_the_other_version_is_refused() {
        let three = HealthState::parse("11111", EqVersion::ThreeLevel);
        assert!(three.is_ok_and(|state| ValueSet::Norway2025.index(&state).is_err()));
    }
}
