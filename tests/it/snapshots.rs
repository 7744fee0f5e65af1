//! One small table as it is printed, in every text format and both languages.

use registat::{CsvDialect, Label, Language, Release, Table, Window, count, dim, mean};

use crate::support::*;

fn small_release() -> Release {
    let mut persons = Vec::new();
    for (unit, men, women) in [(ALTA, 2, 12), (BODO, 20, 15), (DOKKA, 30, 25), (EGERSUND, 600, 650)] {
        persons.extend(person(unit, MAN).with(|person| person.odi = odi(15)).times(men));
        persons.extend(person(unit, WOMAN).with(|person| person.odi = odi(25)).times(women));
    }
    let table = Table::new("odi_by_hospital")
        .title(Label::new("ODI etter sykehus", "ODI by hospital"))
        .visits(Window::VisitYear(2024))
        .rows(dim("hospital").under("region").total())
        .cols(dim("sex").total())
        .stat(count())
        .stat(mean("odi").without_n().sd().ci().labelled(Label::same("ODI")));
    release(&persons, &table)
}

const LANGUAGES: [Language; 2] = [Language::Bokmal, Language::English];

#[test]
fn a_table_as_text() {
    let release = small_release();
    for language in LANGUAGES {
        let text = release.table("odi_by_hospital").unwrap().to_text(language);
        insta::assert_snapshot!(format!("text_{}", language.tag()), text);
    }
}

#[test]
fn a_table_as_markdown() {
    let release = small_release();
    for language in LANGUAGES {
        let text = release.table("odi_by_hospital").unwrap().to_markdown(language);
        insta::assert_snapshot!(format!("markdown_{}", language.tag()), text);
    }
}

#[test]
fn a_table_as_html() {
    let release = small_release();
    for language in LANGUAGES {
        let text = release.table("odi_by_hospital").unwrap().to_html(language);
        insta::assert_snapshot!(format!("html_{}", language.tag()), text);
    }
}

#[test]
fn a_table_as_csv() {
    let release = small_release();
    for language in LANGUAGES {
        for (name, dialect) in [("norwegian", CsvDialect::Norwegian), ("rfc4180", CsvDialect::Rfc4180)] {
            let text = release.table("odi_by_hospital").unwrap().to_csv(language, dialect);
            // The marks at the start and at the ends of lines are part of the format and made visible.
            let text = text.replace('\u{feff}', "<BOM>").replace('\r', "<CR>");
            insta::assert_snapshot!(format!("csv_{name}_{}", language.tag()), text);
        }
    }
}
