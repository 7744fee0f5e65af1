//! A large cohort against the cohort of forms that it was written from, whatever the pieces, threads and counters.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::OnceLock;

use polars::prelude::{
    Categories, Column, DataFrame, DataType, IntoColumn, NamedFrom, ParquetWriter, Series,
};

use super::rows::{name_at, visit_variable};
use super::*;
use crate::cohort::{Cohort, Condition, Deriver, Records, Time, Window};
use crate::cube::{Cube, Plan, Table, count, dim, mean, mean_change, median, share, share_of_row};
use crate::error::Error;
use crate::load::{BadValues, CsvFormat, Registry};
use crate::observer::Observer;
use crate::schema::{Codebook, Form, Instrument, Variable};
use crate::{Amount, Label, Ledger, Policy, Release};

fn sample() -> &'static Registry {
    static SAMPLE: OnceLock<Registry> = OnceLock::new();
    SAMPLE.get_or_init(|| Registry::open("data-samples/nnrr").unwrap())
}

pub(super) fn codebook() -> Codebook {
    sample().codebook().clone()
}

/// A cohort of forms that notes every column it is asked for as a column of a flat table.
struct Flattener<'c> {
    cohort: &'c Cohort,
    columns: RefCell<BTreeMap<String, Column>>,
    keeps_items: bool,
}

impl Flattener<'_> {
    fn whole(&self, name: String, values: Vec<Option<i64>>) -> Result<Vec<Option<i64>>, Error> {
        let column = Series::new(name.as_str().into(), &values).into_column();
        self.columns.borrow_mut().insert(name, column);
        Ok(values)
    }
}

impl Records for Flattener<'_> {
    fn codebook(&self) -> &Codebook {
        self.cohort.courses.codebook()
    }

    fn len(&self) -> usize {
        self.cohort.courses.len()
    }

    fn visits(&self) -> Result<Vec<Option<i64>>, Error> {
        let days = Records::visits(&*self.cohort.courses)?;
        let name = visit_variable(self.codebook()).unwrap();
        let dates =
            Series::new(name.into(), days.iter().map(|day| day.map(|day| day as i32)).collect::<Vec<_>>());
        let dates = dates.cast(&DataType::Date).unwrap();
        self.columns.borrow_mut().insert(name.to_owned(), dates.into_column());
        Ok(days)
    }

    fn newest(&self, first: i32, last: i32) -> Result<Vec<Option<i64>>, Error> {
        Records::newest(&*self.cohort.courses, first, last)
    }

    fn has_form(&self, form: &Form) -> Result<Vec<bool>, Error> {
        let answered = Records::has_form(&*self.cohort.courses, form)?;
        if let Some(months) = form.months() {
            self.whole(
                format!("answered_{months}"),
                answered.iter().map(|yes| Some(i64::from(*yes))).collect(),
            )?;
        }
        Ok(answered)
    }

    fn variable(&self, variable: &Variable, form: &Form, at: Time) -> Result<Vec<Option<i64>>, Error> {
        let values = Records::variable(&*self.cohort.courses, variable, form, at)?;
        self.whole(name_at(variable.id(), at), values)
    }

    fn item(
        &self,
        instrument: &Instrument,
        form: &Form,
        at: Time,
        item: usize,
    ) -> Result<Vec<Option<i64>>, Error> {
        let answers = Records::item(&*self.cohort.courses, instrument, form, at, item)?;
        let coded =
            answers.iter().map(|answer| answer.map(|answer| answer + instrument.first_code)).collect();
        self.whole(format!("{}.{}", name_at(instrument.id(), at), item + 1), coded)?;
        Ok(answers)
    }

    fn score(&self, instrument: &Instrument, form: &Form, at: Time) -> Result<Vec<Option<i64>>, Error> {
        if self.keeps_items {
            return crate::cohort::score_items(self, instrument, form, at);
        }
        let scores = Records::score(&*self.cohort.courses, instrument, form, at)?;
        // As a register stores them: with three decimals, indices with six.
        let per_unit = instrument.scoring().per_unit() as f64;
        let parts = if per_unit > 1e5 { per_unit } else { 1000.0 };
        let stored = |steps: i64| (steps as f64 / per_unit * parts).round() / parts;
        let stored: Vec<Option<f64>> = scores.iter().map(|steps| steps.map(stored)).collect();
        let name = name_at(instrument.id(), at);
        self.columns
            .borrow_mut()
            .insert(name.clone(), Series::new(name.as_str().into(), stored).into_column());
        Ok(scores)
    }
}

fn older(from: i64) -> Condition {
    Condition::Within { variable: "age".to_owned(), from, to: 120, at: Time::BASELINE }
}

pub(super) fn plan() -> Plan {
    let odi = |at| mean("odi").at(at).sd();
    let both =
        Condition::Scored { instrument: "odi".to_owned(), times: vec![Time::BASELINE, Time::months(6)] };
    let improved = Condition::improved("odi", Amount::whole(10), (Time::BASELINE, Time::months(6)));
    Plan::new()
        .table(
            Table::new("by_region")
                .rows(dim("region").total())
                .stat(count())
                .stat(odi(Time::BASELINE))
                .headline(),
        )
        .table(
            Table::new("by_hospital_and_sex")
                .rows(dim("hospital").total())
                .cols(dim("sex"))
                .stat(count())
                .stat(median("odi").at(Time::BASELINE)),
        )
        .table(
            Table::new("change")
                .visits(Window::JulyToJune(2025))
                .rows(dim("sex").total())
                .only(both)
                .stat(count())
                .stat(mean_change("odi", Time::BASELINE, Time::months(6)))
                .stat(share(improved).labelled(Label::same("improved"))),
        )
        // Everyone from one age on, and from a year later those whose sex is known: the difference is a small group.
        .table(Table::new("from_21").only(older(21)).stat(count()))
        .table(Table::new("from_22").only(older(22)).only(Condition::level("sex", [1, 2])).stat(count()))
        .table(
            Table::new("age")
                .only(Condition::Answered { at: Time::months(6) })
                .rows(dim("age").bands([18, 40, 60]).total())
                .cols(dim("sex"))
                .stat(share_of_row()),
        )
}

pub(super) fn cohort() -> Cohort {
    sample().cohort().build().unwrap()
}

/// The flat table that a counting needs, written from the forms.
pub(super) fn flat(counting: &Counting, cohort: &Cohort, keeps_items: bool) -> DataFrame {
    let flattener = Flattener { cohort, columns: RefCell::default(), keeps_items };
    let mut deriver = Deriver::new(&flattener);
    let axes = counting.shape.axes.iter().map(|axis| &axis.derived);
    for derived in axes.chain(counting.shape.measures.iter().map(|measure| &measure.derived)) {
        deriver.column(derived).unwrap();
    }
    let patients: Vec<i64> =
        cohort.courses.patients().iter().map(|patient| i64::from(*patient) * 7 - 40).collect();
    let patients = Series::new("patient_key".into(), patients).into_column();
    let columns = flattener.columns.into_inner().into_values().chain([patients]).collect();
    DataFrame::new(cohort.courses.len(), columns).unwrap()
}

fn counting() -> Counting {
    LargeCohort::new(codebook()).count(plan()).unwrap()
}

/// Everything that a cube knows, but for the numbers by which patients are called.
fn assert_same(one: &Cube, other: &Cube) {
    assert_eq!(one.cells.len(), other.cells.len());
    assert!(one.equations == other.equations);
    for (cell, (one, other)) in one.cells.iter().zip(&other.cells).enumerate() {
        assert_eq!(
            (one.records, one.patients, one.few.len()),
            (other.records, other.patients, other.few.len()),
            "{cell}"
        );
        assert!(one.histograms == other.histograms, "{cell}");
    }
}

#[test]
fn a_flat_table_is_counted_as_the_forms_that_it_was_written_from() {
    let (cohort, counting) = (cohort(), counting());
    let expected = cohort.aggregate(plan()).unwrap();
    assert!(expected.cells.len() > expected.resolved.grid.len(), "some printed cells must lie within others");
    for keeps_items in [false, true] {
        let frame = flat(&counting, &cohort, keeps_items);
        let partial = counting.run(FlatTable::frame(frame).unwrap()).unwrap();
        assert_eq!(partial.rows() as usize, cohort.courses.len());
        assert_same(&expected, &partial.into_cube().unwrap());
    }
}

#[test]
fn a_release_from_a_flat_table_is_the_one_from_the_forms() {
    let (cohort, counting) = (cohort(), counting());
    let policy = Policy::norwegian_register();
    let expected = cohort.aggregate(plan()).unwrap().protect(&policy).unwrap();
    let frame = flat(&counting, &cohort, false);
    let cube = counting.run(FlatTable::frame(frame).unwrap()).unwrap().into_cube().unwrap();
    let release = cube.protect(&policy).unwrap();
    let json = |release: &Release| serde_json::to_string(release).unwrap();
    assert!(json(&expected) == json(&release));
}

#[test]
fn pieces_order_threads_and_counters_change_nothing() {
    let (cohort, counting) = (cohort(), counting());
    let frame = flat(&counting, &cohort, false);
    let whole = counting.clone().threads(1).run(FlatTable::frame(frame.clone()).unwrap()).unwrap();
    let height = frame.height();
    for (rows, threads, memory) in
        [(1_000, 1, 512 << 20), (777, 3, 512 << 20), (height, 2, 48 << 20), (391, 2, 32 << 20)]
    {
        let starts = (0..height).step_by(rows).rev();
        let frames: Vec<DataFrame> = starts.map(|start| frame.slice(start as i64, rows)).collect();
        let counting = counting.clone().threads(threads).memory(memory);
        let partial = counting.run(FlatTable::frames(frames).unwrap()).unwrap();
        assert!(partial.records == whole.records, "{rows} {threads}");
        assert!(partial.measures == whole.measures && partial.patients == whole.patients);
    }
    assert!(counting.describe().contains("dense") && counting.memory(32 << 20).describe().contains("sorted"));
}

#[test]
fn parts_merge_into_the_whole_also_through_files() {
    let (cohort, counting) = (cohort(), counting());
    let frame = flat(&counting, &cohort, false);
    let expected = counting.run(FlatTable::frame(frame.clone()).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    // A patient's courses lie in both parts.
    let middle = frame.height() / 2 + 1;
    let parts = [frame.slice(0, middle), frame.slice(middle as i64, frame.height())];
    for (number, part) in parts.into_iter().enumerate() {
        let partial = counting.run(FlatTable::frame(part).unwrap()).unwrap();
        partial.save(folder.path().join(number.to_string())).unwrap();
    }
    let load = |number: usize| counting.load(folder.path().join(number.to_string())).unwrap();
    let merged = load(1).merge(load(0)).unwrap();
    assert!(merged.records == expected.records && merged.measures == expected.measures);
    assert!(merged.patients == expected.patients && merged.rows == expected.rows);
}

fn by_sex() -> Plan {
    Plan::new().table(
        Table::new("by_sex").rows(dim("sex").total()).stat(count()).stat(mean("odi").at(Time::BASELINE).sd()),
    )
}

/// Counts women and men with their scores, one course per patient.
fn simple() -> Counting {
    let cohort = LargeCohort::new(codebook()).one_course_per_patient().without_units();
    cohort.count(by_sex()).unwrap().threads(1)
}

fn frame(sexes: Series, scores: &[Option<f64>]) -> DataFrame {
    let scores = Series::new("odi".into(), scores);
    let sexes = sexes.with_name("sex".into());
    DataFrame::new(scores.len(), vec![sexes.into_column(), scores.into_column()]).unwrap()
}

fn codes(codes: &[i64]) -> Series {
    Series::new("sex".into(), codes)
}

#[test]
fn a_value_that_the_codebook_does_not_allow_is_refused_or_taken_as_missing() {
    let counting = simple();
    let bad_code = frame(codes(&[1, 2, 4711]), &[Some(10.0); 3]);
    let bad_score = frame(codes(&[1, 2, 2]), &[Some(10.0), Some(33.3), Some(20.0)]);
    for (table, column, line) in [(&bad_code, "sex", 3), (&bad_score, "odi", 2)] {
        let error = counting.run(FlatTable::frame(table.clone()).unwrap()).unwrap_err();
        assert!(error.is_input());
        assert_eq!((error.column(), error.line()), (Some(column), Some(line)));
        assert!(!error.to_string().contains("4711") && !error.to_string().contains("33"), "{error}");
    }
    let lenient = counting.bad_values(BadValues::AsMissing);
    let partial = lenient.run(FlatTable::frames([bad_code, bad_score]).unwrap()).unwrap();
    let taken: Vec<(&str, u64)> =
        partial.taken_as_missing().iter().map(|(column, fields)| (column.as_str(), *fields)).collect();
    assert_eq!(taken, [("odi", 1), ("sex", 1)]);
    assert_eq!(format!("{partial:?}"), "PartialCube(..)");
}

#[test]
fn the_first_bad_row_is_named_whatever_the_number_of_threads() {
    let good = || frame(codes(&[1; 5]), &[None; 5]);
    let bad = || frame(codes(&[1, 9, 9]), &[None; 3]);
    for threads in 1..5 {
        let frames = [good(), good(), bad(), good(), bad()];
        let error = simple().threads(threads).run(FlatTable::frames(frames).unwrap()).unwrap_err();
        assert_eq!(error.line(), Some(12));
    }
}

#[test]
fn a_missing_column_is_named_with_the_nearest_that_is_there() {
    let table = frame(codes(&[1]), &[None]).lazy_rename("odi", "oid");
    let error = simple().run(FlatTable::frame(table).unwrap()).unwrap_err();
    assert!(error.to_string().contains("odi"), "{error}");
    // Without a column of scores, the items are looked for.
    let with_patients = LargeCohort::new(codebook()).without_units().count(by_sex()).unwrap();
    let error = with_patients.run(FlatTable::frame(frame(codes(&[1]), &[None])).unwrap()).unwrap_err();
    assert_eq!(error.column(), Some("patient_key"));
}

trait Rename {
    fn lazy_rename(self, from: &str, to: &str) -> Self;
}

impl Rename for DataFrame {
    fn lazy_rename(mut self, from: &str, to: &str) -> Self {
        self.rename(from, to.into()).unwrap();
        self
    }
}

/// Codes of categories are given out by whoever comes first, and anew when nobody holds them: a count by codes would take women
/// for men as soon as another frame began with them.
#[test]
fn categories_are_told_by_their_names_in_every_frame() {
    let categories = DataType::from_categories(Categories::global());
    let of = move |names: &[&str], scores: &[Option<f64>]| {
        // Another column takes the first codes.
        let other = Series::new("other".into(), &["x", "y", names[0]][..names.len().min(3)]);
        drop(other.cast(&categories).unwrap());
        frame(Series::new("sex".into(), names).cast(&categories).unwrap(), scores)
    };
    // Each frame is made when it is its turn, when nothing holds the categories of the one before.
    let made = (0..4).map(move |number| match number % 2 {
        0 => of(&["Mann", "Kvinne", "Kvinne"], &[Some(10.0), Some(20.0), Some(30.0)]),
        _ => of(&["Kvinne", "Mann", "Mann"], &[Some(40.0), Some(50.0), None]),
    });
    let by_name = simple().run(FlatTable::frames(made).unwrap()).unwrap();
    let coded = (0..4).map(|number| match number % 2 {
        0 => frame(codes(&[1, 2, 2]), &[Some(10.0), Some(20.0), Some(30.0)]),
        _ => frame(codes(&[2, 1, 1]), &[Some(40.0), Some(50.0), None]),
    });
    let by_code = simple().run(FlatTable::frames(coded).unwrap()).unwrap();
    assert!(by_name.records == by_code.records && by_name.measures == by_code.measures);
}

#[test]
fn an_observer_sees_the_rows_and_may_stop() {
    struct Until(u64, Vec<u64>);
    impl Observer for Until {
        fn rows(&mut self, done: u64, _: Option<u64>) -> ControlFlow<()> {
            self.1.push(done);
            if done >= self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    }
    let frames = || FlatTable::frames((0..9).map(|_| frame(codes(&[1, 2]), &[None, None]))).unwrap();
    let mut patient = Until(u64::MAX, Vec::new());
    assert_eq!(simple().run_observed(frames(), &mut patient).unwrap().rows(), 18);
    assert_eq!(patient.1, (1..=9).map(|piece| piece * 2).collect::<Vec<u64>>());
    let mut impatient = Until(6, Vec::new());
    let error = simple().run_observed(frames(), &mut impatient).unwrap_err();
    assert!(error.is_stopped() && !error.is_input());
    assert_eq!(impatient.1, [2, 4, 6]);
}

#[test]
fn text_is_counted_as_frames_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    let expected = simple()
        .run(
            FlatTable::frame(frame(codes(&[1, 2, 2, 1]), &[Some(22.22), Some(100.0), None, Some(4.0)]))
                .unwrap(),
        )
        .unwrap();
    let text = "sex;note;odi\nMann;\"a;\nb\";22,22\n2; ;100\nKvinne;\"\"\"\";\n1;\u{e6};4,0\n";
    let latin1: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
    for bytes in [text.as_bytes().to_vec(), latin1, text.replace('\n', "\r\n").into_bytes()] {
        std::fs::write(&path, bytes).unwrap();
        let counted = simple().run(FlatTable::csv(&path, CsvFormat::norwegian()).unwrap()).unwrap();
        assert!(counted.records == expected.records && counted.measures == expected.measures);
    }
    std::fs::write(&path, "sex;note;odi\nMann;\"a\nb\";22,22\n2;;7,77\n").unwrap();
    let error = simple().run(FlatTable::csv(&path, CsvFormat::norwegian()).unwrap()).unwrap_err();
    assert_eq!((error.line(), error.column()), (Some(4), Some("odi")));
    assert!(error.file_name().is_some_and(|name| name.ends_with("table.csv")));
}

/// Pieces are cut between records, also where a note has line breaks, and the encoding is known where the first letter shows it.
#[test]
fn text_of_several_pieces_is_counted_as_one_frame() {
    const ROWS: usize = 500_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    let mut text = String::from("sex;note;odi\n");
    for row in 0..ROWS {
        let letter = if row < ROWS / 2 { 'a' } else { '\u{f8}' };
        text += &format!("{};\"of\n{letter};{row}\n\";{}\n", row % 2 + 1, row % 51 * 2);
    }
    assert!(text.len() > 10_000_000, "several pieces");
    let sexes: Vec<i64> = (0..ROWS as i64).map(|row| row % 2 + 1).collect();
    let scores: Vec<Option<f64>> = (0..ROWS).map(|row| Some((row % 51 * 2) as f64)).collect();
    let expected = simple().run(FlatTable::frame(frame(codes(&sexes), &scores)).unwrap()).unwrap();
    let latin1: Vec<u8> = text.chars().map(|letter| letter as u8).collect();
    for bytes in [text.into_bytes(), latin1] {
        std::fs::write(&path, bytes).unwrap();
        for threads in [1, 3] {
            let table = FlatTable::csv(&path, CsvFormat::norwegian()).unwrap();
            let counted = simple().threads(threads).run(table).unwrap();
            assert!(counted.records == expected.records && counted.measures == expected.measures);
        }
    }
}

#[test]
fn patients_that_might_not_fit_are_refused_before_the_first_row() {
    struct Unseen;
    impl Observer for Unseen {
        fn rows(&mut self, _: u64, _: Option<u64>) -> ControlFlow<()> {
            panic!("a row was counted");
        }
    }
    let counting = LargeCohort::new(codebook()).without_units().count(by_sex()).unwrap();
    let patients = Series::new("patient_key".into(), (0..2000).collect::<Vec<i64>>());
    let mut table = frame(codes(&[1; 2000]), &[None; 2000]).hstack(&[patients.into_column()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    ParquetWriter::new(std::fs::File::create(path("table.parquet")).unwrap()).finish(&mut table).unwrap();
    let rows: Vec<String> = (0..2000).map(|patient| format!("1;{patient};\r\n")).collect();
    std::fs::write(path("table.csv"), format!("sex;patient_key;odi\r\n{}", rows.concat())).unwrap();
    let parquet = || FlatTable::parquet(path("table.parquet")).unwrap();
    let text = || FlatTable::csv(path("table.csv"), CsvFormat::norwegian()).unwrap();
    for table in [parquet(), text()] {
        let error = counting.clone().memory(60_000).run_observed(table, &mut Unseen).unwrap_err();
        assert!(error.to_string().contains("memory"), "{error}");
    }
    for table in [parquet(), text()] {
        assert_eq!(counting.clone().memory(80_000).run(table).unwrap().rows(), 2000);
    }
}

#[test]
fn parquet_is_counted_as_frames_are() {
    let (cohort, counting) = (cohort(), counting());
    let mut table = flat(&counting, &cohort, false);
    let expected = counting.run(FlatTable::frame(table.clone()).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.parquet");
    let writer = ParquetWriter::new(std::fs::File::create(&path).unwrap()).with_row_group_size(Some(500));
    writer.finish(&mut table).unwrap();
    let counted = counting.clone().threads(3).run(FlatTable::parquet(&path).unwrap()).unwrap();
    assert!(counted.records == expected.records && counted.measures == expected.measures);
    assert!(counted.patients == expected.patients);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    assert!(FlatTable::parquet(&path).is_err_and(|error| error.is_input()));
}

#[test]
fn what_was_counted_by_something_else_is_not_merged() {
    let run = |counting: &Counting| {
        let patients = Series::new("patient_key".into(), &["a"]).into_column();
        let units = Series::new("unit_code".into(), &[Some(1_i64)]).cast(&DataType::Int64).unwrap();
        let mut table = frame(codes(&[1]), &[None]);
        table.with_column(patients).unwrap();
        table.with_column(units.into_column()).unwrap();
        table.with_column(Series::new("age".into(), &[50_i64]).into_column()).unwrap();
        counting.clone().bad_values(BadValues::AsMissing).run(FlatTable::frame(table).unwrap()).unwrap()
    };
    let large = || LargeCohort::new(codebook()).without_units();
    let other_book = {
        let text = std::fs::read_to_string("data-samples/nnrr/codebook.toml").unwrap();
        Codebook::from_toml(&text.replacen("min8", "min9", 1).replacen("prorate_any", "min9", 1)).unwrap()
    };
    let titled = Table::new("by_sex").rows(dim("sex").total()).stat(mean("odi").at(Time::BASELINE).sd());
    let banded = Table::new("by_age").rows(dim("age").bands([18, 50])).stat(mean("odi").at(Time::BASELINE));
    let other_bands =
        Table::new("by_age").rows(dim("age").bands([18, 60])).stat(mean("odi").at(Time::BASELINE));
    let base = run(&large().count(by_sex()).unwrap());
    let refused = [
        (large().one_course_per_patient().count(by_sex()), "another patient"),
        (large().patient_key([1; 32]).count(by_sex()), "different keys"),
        (LargeCohort::new(codebook()).count(by_sex()), "only one is by `unit_code`"),
        (LargeCohort::new(other_book).without_units().count(by_sex()), "different codebooks"),
        (large().only(Condition::level("sex", [1])).count(by_sex()), "conditions"),
        (large().count(&titled), "different tables"),
        (large().count(&banded), "only one is by `age`"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("base");
    base.save(&path).unwrap();
    let again = large().count(by_sex()).unwrap().load(&path).unwrap();
    for (counting, why) in refused {
        let counting = counting.unwrap();
        let error = counting.load(&path).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
        let error = run(&counting).merge(large().count(by_sex()).unwrap().load(&path).unwrap()).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
    assert_eq!(again.merge(base).unwrap().rows(), 2);
    let (one, other) = (run(&large().count(&banded).unwrap()), run(&large().count(&other_bands).unwrap()));
    assert!(one.merge(other).unwrap_err().to_string().contains("`age` is grouped differently"));
}

#[test]
fn a_damaged_file_is_refused_and_never_read_as_another() {
    let counting = simple();
    let table = frame(codes(&[1, 2, 2, 1]), &[Some(10.0), Some(100.0), None, Some(4.0)]);
    let partial = counting.run(FlatTable::frame(table).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("partial");
    partial.save(&path).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    for place in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x55;
        std::fs::write(&path, damaged).unwrap();
        assert!(counting.load(&path).is_err(), "byte {place}");
    }
    for length in [0, 1, 40, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..length]).unwrap();
        assert!(counting.load(&path).is_err());
    }
    let mut newer = bytes.clone();
    let end_of_head = newer.iter().position(|byte| *byte == b'\n').unwrap();
    newer[end_of_head - 1] = b'2';
    std::fs::write(&path, newer).unwrap();
    assert!(counting.load(&path).unwrap_err().to_string().contains("another version"));
}

#[test]
fn a_policy_with_readers_inside_needs_the_unit_and_a_ledger_the_forms() {
    let counting = simple();
    let scores: Vec<Option<f64>> = (0..600).map(|row| Some(f64::from(row % 51 * 2))).collect();
    let sexes: Vec<i64> = (0..600).map(|row| 1 + row % 2).collect();
    let cube =
        counting.run(FlatTable::frame(frame(codes(&sexes), &scores)).unwrap()).unwrap().into_cube().unwrap();
    let open = Policy::norwegian_register();
    let folder = tempfile::tempdir().unwrap();
    assert!(cube.protect(&open).is_ok());
    let error = cube.protect(&open.clone().with_insider("hospital")).unwrap_err();
    assert!(error.to_string().contains("readers inside"), "{error}");
    let mut ledger = Ledger::open(folder.path().join("ledger.sqlite"), "nnrr").unwrap();
    let error = cube.protect_with(&open, &mut ledger, "first").unwrap_err();
    assert!(error.to_string().contains("ledger"), "{error}");
}

#[cfg(feature = "lazy")]
mod lazy {
    use polars::prelude::{IntoLazy, LazyFrame, PlRefPath, ScanArgsParquet, col, df};

    use super::*;

    fn scan(path: &std::path::Path) -> LazyFrame {
        let path = PlRefPath::new(path.to_str().unwrap());
        LazyFrame::scan_parquet(path, ScanArgsParquet::default()).unwrap()
    }

    #[test]
    fn a_lazy_frame_is_counted_as_frames_are() {
        let (cohort, counting) = (cohort(), counting());
        let mut table = flat(&counting, &cohort, false);
        let expected = counting.run(FlatTable::frame(table.clone()).unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.parquet");
        let writer = ParquetWriter::new(std::fs::File::create(&path).unwrap()).with_row_group_size(Some(500));
        writer.finish(&mut table).unwrap();
        for lazy in [scan(&path), table.lazy()] {
            for threads in [1, 3] {
                let table = FlatTable::lazy(lazy.clone()).unwrap();
                let counted = counting.clone().threads(threads).run(table).unwrap();
                assert!(counted.records == expected.records && counted.measures == expected.measures);
                assert!(counted.patients == expected.patients);
            }
        }
    }

    #[test]
    fn a_lazy_frame_that_fails_ends_the_counting_without_a_value() {
        let texts = df!("sex" => ["1", "secret"], "odi" => [40, 22]).unwrap().lazy();
        let cast = texts.with_column(col("sex").strict_cast(DataType::Int64));
        let error = simple().run(FlatTable::lazy(cast).unwrap()).unwrap_err();
        assert!(error.is_input() && !format!("{error} {error:?}").contains("secret"));
        assert!(FlatTable::lazy(df!("sex" => [1]).unwrap().lazy().select([col("ex")])).is_err());
    }

    #[test]
    fn a_lazy_frame_is_left_when_the_observer_stops() {
        struct AtOnce;
        impl Observer for AtOnce {
            fn rows(&mut self, _: u64, _: Option<u64>) -> ControlFlow<()> {
                ControlFlow::Break(())
            }
        }
        let many = frame(codes(&vec![1; 1_000_000]), &vec![None; 1_000_000]).lazy();
        let error = simple().run_observed(FlatTable::lazy(many).unwrap(), &mut AtOnce).unwrap_err();
        assert!(error.is_stopped());
    }
}
