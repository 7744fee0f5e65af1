//! What is asked of the courses: six measures by four variables.

use registat::{Plan, Table, Time, count, dim, mean, median, patients};

/// The flat table of the example.
pub const CODEBOOK: &str = include_str!("codebook.toml");

/// The variables that everything is grouped by.
pub const KEYS: [&str; 4] = ["hospital", "procedure", "sex", "year"];

/// What is measured in every group.
pub const MEASURES: [&str; 6] = ["odi", "ndi", "eq_vas", "pain_back", "pain_leg", "eq5d"];

/// Three tables of the same measures: by hospital and year, by procedure and sex, and by sex.
pub fn plan(moments: bool, with_patients: bool) -> Plan {
    let mut tables = [
        Table::new("by_hospital_and_year").rows(dim("hospital").total()).cols(dim("year")),
        Table::new("by_procedure_and_sex").rows(dim("procedure").total()).cols(dim("sex")),
        Table::new("by_sex").rows(dim("sex").total()),
    ];
    for table in &mut tables {
        *table = table.clone().stat(count());
        if with_patients {
            *table = table.clone().stat(patients());
        }
        for measure in MEASURES {
            *table = table.clone().stat(mean(measure).at(Time::BASELINE).sd());
            if !moments {
                *table = table.clone().stat(median(measure).at(Time::BASELINE));
            }
        }
    }
    tables.into_iter().fold(Plan::new(), Plan::table)
}
