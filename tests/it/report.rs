//! The annual report and the answer to a request, from the sample register.

use std::sync::OnceLock;

use registat::{Language, Ledger, Observer, Plan, Policy, Registry, Release, Report, Request};

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data-samples/nnrr");

fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| Registry::open(DATA).unwrap())
}

fn release() -> &'static (Report, Release) {
    static RELEASE: OnceLock<(Report, Release)> = OnceLock::new();
    RELEASE.get_or_init(|| {
        let specification = format!("{DATA}/report.toml");
        let policy = Policy::open(format!("{DATA}/policy.toml")).unwrap();
        let cube =
            registry().cohort().build().unwrap().aggregate(Plan::open(&specification).unwrap()).unwrap();
        (Report::open(&specification).unwrap(), cube.protect(&policy).unwrap())
    })
}

#[derive(Default)]
struct Steps(Vec<String>, usize);

impl Observer for Steps {
    fn progress(&mut self, what: &str, _: usize, of: usize) {
        self.0.push(what.to_owned());
        self.1 = of;
    }
}

#[test]
fn the_page_is_self_contained_and_numbers_every_table_and_figure() {
    let (report, release) = release();
    for language in [Language::Bokmal, Language::English] {
        let page = report.to_html(release, language).unwrap();
        assert!(page.starts_with(&format!("<!DOCTYPE html>\n<html lang=\"{}\">", language.tag())));
        for forbidden in ["<script", "http-equiv", " src=", "@import", "url(", "NaN", "inf%"] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        // The only addresses are the names of the drawing's vocabulary.
        let addresses = page.matches("http").count();
        assert_eq!(addresses, page.matches("http://www.w3.org/").count());
        let (table, figure) = match language {
            Language::English => ("Table", "Figure"),
            _ => ("Tabell", "Figur"),
        };
        assert_eq!(page.matches("<figure").count(), release.charts().len());
        for number in 1..=release.tables().len() {
            assert!(page.contains(&format!("<caption>{table} {number}. ")));
        }
        for number in 1..=release.charts().len() {
            assert!(page.contains(&format!("<figcaption>{figure} {number}. ")));
        }
        for chart in release.charts() {
            assert!(page.contains(&format!("id=\"{}\"", chart.id())));
        }
    }
}

#[test]
fn every_id_within_the_page_is_there_once() {
    let (report, release) = release();
    let page = report.to_html(release, Language::Bokmal).unwrap();
    let ids: Vec<&str> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let distinct: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), distinct.len());
}

#[test]
fn each_table_and_figure_is_a_file_of_its_own_and_a_second_run_gives_the_same_bytes() {
    let (report, release) = release();
    let folder = tempfile::tempdir().unwrap();
    let mut steps = Steps::default();
    let first = folder.path().join("first");
    report.write(release, &first, Language::Bokmal, &mut steps).unwrap();
    assert_eq!(steps.0.len(), steps.1, "the observer hears of every step");
    report.write(release, folder.path().join("second"), Language::Bokmal, &mut ()).unwrap();
    let mut files = 0;
    for place in [".", "tables", "figures"] {
        for entry in std::fs::read_dir(first.join(place)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                files += 1;
                let again = folder.path().join("second").join(path.strip_prefix(&first).unwrap());
                assert_eq!(
                    std::fs::read(&path).unwrap(),
                    std::fs::read(again).unwrap(),
                    "{}",
                    path.display()
                );
            }
        }
    }
    assert_eq!(files, 1 + 5 * release.tables().len() + 3 * release.charts().len());
}

#[test]
fn a_chapter_that_names_a_table_which_is_not_there_is_refused_with_the_nearest_name() {
    let (_, release) = release();
    let text = "[report]\nid = 'x'\ntitle = { nb = 'a', en = 'b' }\nyear = 2025\n\
                [[section]]\ntitle = { nb = 'a', en = 'b' }\ncontents = ['courses_by_unti']\n";
    let report = Report::from_toml(text).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let error = report.write(release, folder.path(), Language::Bokmal, &mut ()).unwrap_err();
    assert!(error.is_specification() && error.to_string().contains("courses_by_unit"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is half-written");
}

#[test]
fn a_report_that_shows_a_table_twice_is_refused() {
    let text = "[report]\nid = 'x'\ntitle = { nb = 'a', en = 'b' }\nyear = 2025\n\
                [[section]]\ntitle = { nb = 'a', en = 'b' }\ncontents = ['t', 't']\n";
    assert!(Report::from_toml(text).unwrap_err().is_specification());
}

#[test]
fn labels_of_a_report_are_data_and_never_markup() {
    let (_, release) = release();
    let text = "[report]\nid = 'x'\ntitle = { nb = '<b>{year}</b> & \"x\"', en = 'b' }\nyear = 2025\n";
    let page = Report::from_toml(text).unwrap().to_html(release, Language::Bokmal).unwrap();
    assert!(page.contains("&lt;b&gt;{year}&lt;/b&gt; &amp; "));
}

#[test]
fn a_request_is_answered_against_the_ledger_with_purpose_deadline_and_source() {
    let folder = tempfile::tempdir().unwrap();
    let policy = Policy::open(format!("{DATA}/policy.toml")).unwrap();
    let cohort = registry().cohort().build().unwrap();
    let mut ledger = Ledger::open(folder.path().join("ledger.sqlite"), "nnrr").unwrap();
    let report = cohort.aggregate(Plan::open(format!("{DATA}/report.toml")).unwrap()).unwrap();
    let _ = report.protect_with(&policy, &mut ledger, "report").unwrap();
    let file = format!("{DATA}/request.toml");
    let request = Request::open(&file).unwrap();
    let cube = cohort.aggregate(Plan::open(&file).unwrap()).unwrap();
    let answer = cube.protect_with(&policy, &mut ledger, request.id()).unwrap();
    assert_eq!(answer.audit().earlier_releases(), Some(1));
    request.write(&answer, folder.path().join("answer"), Language::English).unwrap();
    let page = std::fs::read_to_string(folder.path().join("answer/answer.html")).unwrap();
    assert!(page.contains("31.07.2026"), "30 days after it was received");
    assert!(page.contains("Source: ") && page.contains("Purpose: "));
    assert_eq!(ledger.releases().unwrap(), 2);
}

#[test]
fn a_request_without_a_purpose_is_refused() {
    let text = "[request]\nid = 'x'\ntitle = { nb = 'a', en = 'b' }\npurpose = { nb = ' ', en = '' }\n\
                requester = 'x'\nreceived = '2026-07-01'\ncontact = 'x'\n";
    assert!(Request::from_toml(text).unwrap_err().is_specification());
}

#[test]
fn the_data_quality_report_is_protected_before_it_is_rendered() {
    let policy = Policy::threshold_of(5).unwrap();
    let findings = registry().protected_findings(&policy);
    let text = findings.table("findings").unwrap().to_csv(Language::English, registat::CsvDialect::Rfc4180);
    assert!(text.lines().count() > 5, "the sample has drafts, duplicates and forms without a course");
    for line in text.lines().skip(1) {
        let last = line.rsplit(',').next().unwrap().trim();
        assert!(last == "protected" || last.parse::<u64>().unwrap() >= 5, "a small count is printed");
    }
    assert!(text.contains("not final"));
}
