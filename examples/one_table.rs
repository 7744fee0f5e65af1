//! One protected table from the sample register: Oswestry by hospital.
//!
//!     cargo run --example one_table [-- --english] [-- --html]

use registat::{Cohort, Language, Policy, Registry, Table, Time, Window, count, dim, mean, mean_change};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options: Vec<String> = std::env::args().skip(1).collect();
    if options.iter().any(|option| option == "--help") {
        println!("one_table [--english] [--html]: Oswestry by hospital, protected, as text or HTML");
        return Ok(());
    }
    let english = options.iter().any(|option| option == "--english");
    let language = if english { Language::English } else { Language::Bokmal };

    let registry = Registry::open(concat!(env!("CARGO_MANIFEST_DIR"), "/data-samples/nnrr"))?;
    let cohort: Cohort = registry.cohort().visits(Window::JulyToJune(2025)).build()?;
    let table = Table::new("odi_by_hospital")
        .rows(dim("hospital").under("region").total())
        .stat(count())
        .stat(mean("odi").at(Time::BASELINE).sd())
        .stat(mean_change("odi", Time::BASELINE, Time::SIX_MONTHS).ci());

    let release = cohort.aggregate(&table)?.protect(&Policy::norwegian_register())?;
    let table = release.table("odi_by_hospital")?;
    if options.iter().any(|option| option == "--html") {
        println!("{}", table.to_html(language));
    } else {
        println!("{}", table.to_text(language));
        println!("{}", release.audit());
    }
    Ok(())
}
