//! What is asked of the courses: up to six measures by up to four variables.

use registat::{Plan, Statistic, Table, Time, count, dim, mean, median, patients};

/// The flat table of the example.
pub const CODEBOOK: &str = include_str!("codebook.toml");

/// How much is asked.
#[derive(Clone, Copy)]
pub struct Query {
    /// How many of `KEYS` everything is grouped by: two for 300 groups, four for 3,600.
    pub keys: usize,
    /// How many of `MEASURES` are measured in every group.
    pub measures: usize,
    /// With medians and quartiles beside means and standard deviations.
    pub quantiles: bool,
    /// With the number of distinct patients.
    pub patients: bool,
}

const KEYS: [&str; 4] = ["hospital", "year", "procedure", "sex"];

const MEASURES: [&str; 6] = ["odi", "ndi", "eq_vas", "pain_back", "pain_leg", "eq5d"];

impl Query {
    /// What the benchmark asks.
    pub const ALL: Self =
        Self { keys: KEYS.len(), measures: MEASURES.len(), quantiles: true, patients: false };

    /// The variables that everything is grouped by.
    pub fn keys(&self) -> &'static [&'static str] {
        KEYS.get(..self.keys).unwrap_or(&KEYS)
    }

    /// What is measured in every group.
    pub fn measures(&self) -> &'static [&'static str] {
        MEASURES.get(..self.measures).unwrap_or(&MEASURES)
    }

    /// Tables of the same measures: by hospital and year, by procedure and sex, and by each sex.
    pub fn plan(&self) -> Plan {
        let mut tables =
            vec![Table::new("by_hospital_and_year").rows(dim("hospital").total()).cols(dim("year"))];
        if self.keys > 2 {
            let by_procedure = Table::new("by_procedure_and_sex").rows(dim("procedure").total());
            tables.push(if self.keys > 3 { by_procedure.cols(dim("sex")) } else { by_procedure });
        }
        if self.keys > 3 {
            tables.push(Table::new("by_sex").rows(dim("sex").total()));
        }
        let add = |table: Table| self.statistics().into_iter().fold(table, Table::stat);
        tables.into_iter().map(add).fold(Plan::new(), Plan::table)
    }

    fn statistics(&self) -> Vec<Statistic> {
        let mut all = vec![count()];
        all.extend(self.patients.then(patients));
        for measure in self.measures() {
            all.push(mean(*measure).at(Time::BASELINE).sd());
            all.extend(self.quantiles.then(|| median(*measure).at(Time::BASELINE)));
        }
        all
    }
}
