//! Every defect that a file can have is found, placed, and never quoted.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use registat::polars::prelude::{DataFrame, ParquetWriter, df};
use registat::{BadValues, Codebook, CsvFormat, Encoding, Error, Finding, FindingKind, Registry};
use tempfile::TempDir;

/// Values that no message may contain.
const MARKERS: [&str; 2] = ["987654", "HEMMELIG"];

const CODEBOOK: &str = r#"
[register]
id = "test"
name = { nb = "Test", en = "Test" }
credit = { nb = "Test", en = "Test" }
population = { nb = "pasienter", en = "patients" }

[[form]]
id = "course"
label = { nb = "Behandler", en = "Clinician" }
purpose = "course"
key = "form_key"
course = "course_key"
patient = "patient"
status = "status"
final = 2
date = "visit"
unit = "unit"

[[form]]
id = "baseline"
label = { nb = "Start", en = "Baseline" }
purpose = "baseline"
key = "form_key"
course = "course_key"
patient = "patient"
status = "status"
final = 2
date = "answered"

[[form]]
id = "six"
label = { nb = "Seks måneder", en = "Six months" }
purpose = "follow-up"
months = 6
key = "form_key"
course = "course_key"
patient = "patient"
status = "status"
final = 2
date = "answered"

[[variable]]
id = "form_key"
column = "FormId"
forms = ["course", "baseline", "six"]
kind = "identifier"
role = "identifier"
label = { nb = "Skjema", en = "Form" }

[[variable]]
id = "course_key"
column = "CourseId"
forms = ["course", "baseline", "six"]
kind = "identifier"
role = "identifier"
label = { nb = "Forløp", en = "Course" }

[[variable]]
id = "patient"
column = "PatientId"
forms = ["course", "baseline", "six"]
kind = "identifier"
role = "identifier"
label = { nb = "Pasient", en = "Patient" }

[[variable]]
id = "status"
column = "Status"
forms = ["course", "baseline", "six"]
kind = "integer"
role = "administrative"
label = { nb = "Status", en = "Status" }

[[variable]]
id = "visit"
column = "Visit"
forms = ["course"]
kind = "date"
role = "administrative"
label = { nb = "Besøk", en = "Visit" }

[[variable]]
id = "unit"
column = "Unit"
forms = ["course"]
kind = "category"
role = "unit"
label = { nb = "Enhet", en = "Unit" }

[[variable]]
id = "answered"
column = "Answered"
forms = ["baseline", "six"]
kind = "date"
role = "administrative"
label = { nb = "Besvart", en = "Answered" }

[[variable]]
id = "age"
column = "PatientAge"
forms = ["baseline"]
kind = "integer"
role = "quasi-identifier"
min = 0
max = 110
label = { nb = "Alder", en = "Age" }

[[variable]]
id = "sex"
column = "Sex"
forms = ["baseline"]
kind = "category"
role = "quasi-identifier"
missing = [0]
label = { nb = "Kjønn", en = "Sex" }
levels = [
  { code = 1, label = { nb = "Mann", en = "Man" } },
  { code = 2, label = { nb = "Kvinne", en = "Woman" } },
]

[[variable]]
id = "weight"
column = "Weight"
forms = ["baseline"]
kind = "decimal"
role = "sensitive"
min = 0
max = 400
required = false
label = { nb = "Vekt", en = "Weight" }

[[variable]]
id = "note"
column = "Note"
forms = ["baseline"]
kind = "free-text"
role = "free-text"
required = false
label = { nb = "Merknad", en = "Note" }

[[instrument]]
id = "pain"
label = { nb = "Smerte", en = "Pain" }
scoring = "pain-nrs"
forms = ["baseline", "six"]
columns = ["Pain"]
missing = [-1]

[units]
levels = ["hospital"]
node = [
  { id = "north", level = "hospital", code = 1, label = { nb = "Nord", en = "North" } },
  { id = "south", level = "hospital", code = 2, until = "2020-12-31", label = { nb = "Sør", en = "South" } },
]
"#;

const COURSE: &str = "\
FormId;CourseId;PatientId;Status;Visit;Unit
f1;c1;p1;2;01.02.2024;1
f2;c2;p2;2;2024-02-03;1
";
const BASELINE: &str = "\
FormId;CourseId;PatientId;Status;Answered;PatientAge;Sex;Weight;Note;Pain
b1;c1;p1;2;01.02.2024;47;1;1 0,5;;5
b2;c2;p2;2;03.02.2024;52;2;;\"fri; tekst\";-1
";
const SIX: &str = "\
FormId;CourseId;PatientId;Status;Answered;Pain
s1;c1;p1;2;01.08.2024;3
";

fn codebook() -> Codebook {
    Codebook::from_toml(CODEBOOK).unwrap()
}

/// A folder with the three forms; the baseline form is the one that tests damage.
struct Forms {
    dir: TempDir,
    format: CsvFormat,
    bad_values: BadValues,
}

impl Forms {
    fn new() -> Self {
        let forms = Self {
            dir: tempfile::tempdir().unwrap(),
            format: CsvFormat::norwegian(),
            bad_values: BadValues::Refuse,
        };
        forms.write("course", COURSE).write("baseline", good_baseline()).write("six", SIX)
    }

    fn write(self, form: &str, bytes: impl AsRef<[u8]>) -> Self {
        fs::write(self.dir.path().join(format!("{form}.csv")), bytes).unwrap();
        self
    }

    fn with_baseline(bytes: impl AsRef<[u8]>) -> Self {
        Self::new().write("baseline", bytes)
    }

    fn encoding(mut self, encoding: Encoding) -> Self {
        self.format = self.format.encoding(encoding);
        self
    }

    fn bad_values_missing(mut self) -> Self {
        self.bad_values = BadValues::AsMissing;
        self
    }

    fn load(&self) -> Result<Registry, Error> {
        let mut loader = Registry::loader(codebook()).bad_values(self.bad_values);
        for form in ["course", "baseline", "six"] {
            loader = loader.csv(form, self.dir.path().join(format!("{form}.csv")), self.format);
        }
        loader.load()
    }
}

fn good_baseline() -> String {
    BASELINE.replace("1 0,5", "70,5")
}

/// The error, once it is known to name the file and to quote nothing.
#[track_caller]
fn error_of(forms: &Forms) -> Error {
    let error = forms.load().unwrap_err();
    assert!(error.is_input(), "{error}");
    assert_quotes_nothing(&format!("{error} {error:?}"));
    assert!(error.file_name().is_some_and(|file| file.ends_with("baseline.csv")), "{error}");
    error
}

/// The findings, once they are known to quote nothing.
#[track_caller]
fn findings_of(registry: &Registry) -> Vec<Finding> {
    let findings = registry.findings();
    assert_eq!(format!("{registry:?} {findings:?}"), "Registry(..) Findings(..)");
    for finding in findings.iter() {
        assert_quotes_nothing(&format!("{finding} {finding:?} {}", finding.advice()));
    }
    assert_eq!(findings.len(), findings.iter().count());
    findings.iter().cloned().collect()
}

#[track_caller]
fn only(found: &[Finding], kind: FindingKind) -> Finding {
    let kinds: Vec<&str> = found.iter().map(|finding| finding.kind().id()).collect();
    assert_eq!(kinds, [kind.id()]);
    found[0].clone()
}

#[track_caller]
fn assert_quotes_nothing(text: &str) {
    for marker in MARKERS {
        assert!(!text.contains(marker), "a value is quoted: {text}");
    }
}

/// The error of a value is that of its cell.
#[track_caller]
fn assert_at(error: &Error, line: u64, column: &str, variable: &str) {
    assert_eq!((error.line(), error.column(), error.variable()), (Some(line), Some(column), Some(variable)));
}

#[test]
fn good_forms_load_without_a_finding() {
    let registry = Forms::new().load().unwrap();
    assert!(registry.findings().is_empty(), "{:?}", findings_of(&registry));
    assert_eq!(registry.codebook().forms().len(), 3);
}

#[test]
fn a_folder_opens_with_exactly_one_file_per_form() {
    let forms = Forms::new();
    let dir = forms.dir.path();
    fs::write(dir.join("codebook.toml"), CODEBOOK).unwrap();
    assert!(Registry::open(dir).unwrap().findings().is_empty());

    fs::write(dir.join("six.parquet"), "").unwrap();
    let both = Registry::open(dir).unwrap_err().to_string();
    assert!(both.contains("both") && both.contains("six.csv") && both.contains("six.parquet"), "{both}");

    fs::remove_file(dir.join("six.parquet")).unwrap();
    fs::remove_file(dir.join("six.csv")).unwrap();
    let neither = Registry::open(dir).unwrap_err().to_string();
    assert!(neither.contains("neither") && neither.contains("six.csv"), "{neither}");
}

#[test]
fn every_form_needs_one_source_and_no_other() {
    let missing = Registry::loader(codebook()).load().unwrap_err();
    assert!(missing.to_string().contains("`course`"), "{missing}");

    let unknown =
        Registry::loader(codebook()).csv("corse", "x.csv", CsvFormat::default()).load().unwrap_err();
    assert!(unknown.to_string().contains("`course`"), "{unknown}");

    let loader =
        Registry::loader(codebook()).frame("six", DataFrame::empty()).frame("six", DataFrame::empty());
    assert!(loader.load().unwrap_err().to_string().contains("twice"));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let forms = Forms::new();
    fs::remove_file(forms.dir.path().join("baseline.csv")).unwrap();
    error_of(&forms);
}

#[test]
fn a_missing_column_is_named_with_the_nearest_that_is_there() {
    let error = error_of(&Forms::with_baseline(good_baseline().replace("PatientAge", "PatinetAge")));
    assert_eq!((error.column(), error.variable()), (Some("PatientAge"), Some("age")));
    assert!(error.to_string().contains("`PatinetAge`"), "{error}");
}

#[test]
fn a_missing_item_is_an_error() {
    let error = error_of(&Forms::with_baseline(good_baseline().replace(";Pain", ";Qqqqqqq")));
    assert_eq!((error.column(), error.variable()), (Some("Pain"), Some("pain")));
}

#[test]
fn an_optional_column_may_be_missing() {
    let forms = Forms::with_baseline(good_baseline().replace(";Weight", ";Wieght"));
    let registry = forms.load().unwrap();
    let finding = only(&findings_of(&registry), FindingKind::UnknownColumn);
    assert_eq!((finding.form(), finding.variable()), ("baseline", Some("Wieght")));
    assert!(finding.file().is_some_and(|file| file.ends_with("baseline.csv")));
    assert!(finding.advice().contains("`Weight`"), "{finding}");
}

#[test]
fn a_column_named_twice_is_an_error() {
    let error = error_of(&Forms::with_baseline(good_baseline().replace(";Weight", ";Sex")));
    assert_eq!(error.column(), Some("Sex"));
}

#[test]
fn a_missing_header_line_is_not_quoted() {
    let error = error_of(&Forms::with_baseline("HEMMELIG;c1;p1;2;01.02.2024;987654;1;;;5\n"));
    assert!(error.to_string().contains("header"), "{error}");
}

#[test]
fn an_unknown_code_is_refused_where_it_stands() {
    let error = error_of(&Forms::with_baseline(good_baseline().replace("52;2;", "52;987654;")));
    assert_at(&error, 3, "Sex", "sex");
}

#[test]
fn a_number_out_of_range_is_refused_where_it_stands() {
    let error = error_of(&Forms::with_baseline(good_baseline().replace(";47;", ";987654;")));
    assert_at(&error, 2, "PatientAge", "age");
    let decimal = error_of(&Forms::with_baseline(good_baseline().replace("70,5", "987654,5")));
    assert_at(&decimal, 2, "Weight", "weight");
}

#[test]
fn an_answer_outside_its_instrument_is_refused() {
    let error = error_of(&Forms::with_baseline(good_baseline().replace(";;5\n", ";;987654\n")));
    assert_at(&error, 2, "Pain", "pain");
}

#[test]
fn a_bad_date_is_refused_where_it_stands() {
    for bad in ["31.02.2024", "HEMMELIG", "987654"] {
        let error = error_of(&Forms::with_baseline(good_baseline().replace("03.02.2024", bad)));
        assert_at(&error, 3, "Answered", "answered");
        assert!(!error.to_string().contains(bad), "{error}");
    }
}

#[test]
fn a_bad_number_is_refused_where_it_stands() {
    // The blank of `1 0,5` groups no thousands.
    for bad in ["HEMMELIG", "1 0,5", "70.5", "1e5", "NaN"] {
        let error = error_of(&Forms::with_baseline(good_baseline().replace("70,5", bad)));
        assert_at(&error, 2, "Weight", "weight");
    }
}

#[test]
fn the_first_bad_line_is_reported_not_the_first_bad_column() {
    let damaged = good_baseline().replace("52;2;", "987654;2;").replace(";;5\n", ";;HEMMELIG\n");
    assert_at(&error_of(&Forms::with_baseline(damaged)), 2, "Pain", "pain");
}

#[test]
fn bad_values_can_be_taken_as_missing() {
    let damaged = good_baseline()
        .replace(";47;1;70,5;", ";987654;987654;HEMMELIG;")
        .replace("03.02.2024", "HEMMELIG")
        .replace(";-1\n", ";987654\n");
    let registry = Forms::with_baseline(damaged).bad_values_missing().load().unwrap();
    let found = findings_of(&registry);
    let mut placed: Vec<_> = found
        .iter()
        .map(|f| (f.kind().id(), f.variable().unwrap_or_default(), f.line().unwrap_or_default()))
        .collect();
    placed.sort_unstable();
    let expected = [
        ("bad-date", "answered", 3),
        ("bad-number", "weight", 2),
        ("out-of-range", "age", 2),
        ("out-of-range", "pain", 3),
        ("unknown-code", "sex", 2),
    ];
    assert_eq!(placed, expected);
}

#[test]
fn alike_findings_keep_only_their_first_positions() {
    let rows: String =
        (0..1_500).map(|row| format!("x{row};c1;p{row};1;HEMMELIG;987654;987654;HEMMELIG;;\n")).collect();
    let registry = Forms::with_baseline(format!("{}{rows}", good_baseline())).load().unwrap();
    let found = findings_of(&registry);
    assert_eq!(found.len(), 1_000);
    assert!(found.iter().all(|finding| finding.kind() == FindingKind::NotFinal));
    assert_eq!(found[0].line(), Some(4));
}

#[test]
fn a_final_form_without_a_patient_is_an_error() {
    let error = error_of(&Forms::with_baseline(good_baseline().replace(";p2;", ";;")).bad_values_missing());
    assert_at(&error, 3, "PatientId", "patient");
}

#[test]
fn a_ragged_row_is_an_error_at_its_line() {
    for row in ["b3;c1;HEMMELIG\n", "b3;c1;p1;2;01.02.2024;987654;1;;;5;HEMMELIG\n"] {
        let error = error_of(&Forms::with_baseline(format!("{}\n{row}", good_baseline())));
        assert_eq!(error.line(), Some(5), "{error}");
        assert!(error.to_string().contains("ragged"), "{error}");
    }
}

#[test]
fn broken_quoting_is_an_error_where_it_begins() {
    let unclosed = good_baseline().replace("\"fri; tekst\"", "\"HEMMELIG; tekst") + "b3;c1\n";
    let stray = good_baseline().replace("\"fri; tekst\"", "5\" HEMMELIG");
    let after = good_baseline().replace("\"fri; tekst\"", "\"fri\" HEMMELIG");
    for damaged in [unclosed, stray, after] {
        let error = error_of(&Forms::with_baseline(damaged));
        assert_eq!(error.line(), Some(3), "{error}");
        assert!(error.to_string().contains("quot"), "{error}");
    }
}

#[test]
fn lines_are_counted_through_quoted_line_breaks() {
    let damaged = good_baseline().replace("fri; tekst", "fri\r\ntekst\n\"\"x") + "b3;c1;p1;2;x;1;1;;;5\n";
    let error = error_of(&Forms::with_baseline(damaged));
    assert_at(&error, 6, "Answered", "answered");
}

#[test]
fn a_stated_encoding_is_held_to() {
    let latin1: Vec<u8> = good_baseline().replace("fri", "HEMMELIG ø").chars().map(|c| c as u8).collect();
    let error = error_of(&Forms::with_baseline(&latin1).encoding(Encoding::Utf8));
    assert_eq!(error.line(), Some(3));
    assert!(error.to_string().contains("encoding"), "{error}");

    let utf16: Vec<u8> = good_baseline().encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(error_of(&Forms::with_baseline(&utf16)).to_string().contains("encoding"));
}

#[test]
fn latin1_is_recognised_and_said() {
    let latin1: Vec<u8> = good_baseline().replace("fri", "HEMMELIG ø").chars().map(|c| c as u8).collect();
    let registry = Forms::with_baseline(&latin1).load().unwrap();
    let finding = only(&findings_of(&registry), FindingKind::EncodingRecognised);
    assert_eq!((finding.form(), finding.line()), ("baseline", None));
    assert!(Forms::with_baseline(&latin1).encoding(Encoding::Latin1).load().unwrap().findings().is_empty());
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_first_name() {
    for encoding in [Encoding::Recognise, Encoding::Utf8] {
        let forms = Forms::with_baseline(format!("\u{feff}{}", good_baseline())).encoding(encoding);
        assert!(forms.load().unwrap().findings().is_empty());
    }
    let contradicted =
        Forms::with_baseline(format!("\u{feff}{}", good_baseline())).encoding(Encoding::Latin1);
    let error = error_of(&contradicted.write("course", COURSE));
    assert!(error.to_string().contains("encoding"), "{error}");
}

#[test]
fn an_empty_file_is_an_error() {
    let header = good_baseline().lines().next().unwrap_or_default().to_owned();
    for empty in [String::new(), "\r\n\n".to_owned(), "\u{feff}".to_owned(), header.clone(), header + "\n"] {
        error_of(&Forms::with_baseline(empty));
    }
}

#[test]
fn an_unusable_format_is_refused() {
    let mut forms = Forms::new();
    forms.format = CsvFormat::norwegian().delimiter(b'"');
    assert!(forms.load().unwrap_err().to_string().contains("delimiter"));
    forms.format = CsvFormat::norwegian().decimal_mark(b';');
    assert!(forms.load().unwrap_err().to_string().contains("decimal mark"));
}

#[test]
fn a_repeated_form_key_is_found() {
    let doubled = COURSE.replace("f2;c2", "f1;c2");
    let registry = Forms::new().write("course", doubled).load().unwrap();
    let finding = only(&findings_of(&registry), FindingKind::DuplicateKey);
    assert_eq!((finding.form(), finding.variable(), finding.line()), ("course", Some("form_key"), Some(3)));
}

#[test]
fn a_course_answered_twice_keeps_the_later_date() {
    let twice = format!("{SIX}s2;c1;p1;2;01.07.2024;4\n");
    let registry = Forms::new().write("six", twice).load().unwrap();
    let finding = only(&findings_of(&registry), FindingKind::DuplicateForm);
    assert_eq!((finding.form(), finding.variable(), finding.line()), ("six", Some("course_key"), Some(3)));
}

#[test]
fn a_form_without_its_course_is_found() {
    for orphan in ["HEMMELIG", ""] {
        let alone = format!("{SIX}s2;{orphan};p9;2;01.07.2024;4\n");
        let registry = Forms::new().write("six", alone).load().unwrap();
        let finding = only(&findings_of(&registry), FindingKind::FormWithoutCourse);
        assert_eq!(
            (finding.form(), finding.variable(), finding.line()),
            ("six", Some("course_key"), Some(3))
        );
    }
}

#[test]
fn a_course_without_its_baseline_is_found() {
    let more = format!("{COURSE}f3;HEMMELIG;p3;2;04.02.2024;1\n");
    let registry = Forms::new().write("course", more).load().unwrap();
    let finding = only(&findings_of(&registry), FindingKind::CourseWithoutBaseline);
    assert_eq!((finding.form(), finding.line()), ("course", Some(4)));
}

#[test]
fn a_form_that_is_not_final_is_left_out_unread() {
    let draft = format!("{}b3;c1;p1;1;HEMMELIG;987654;987654;HEMMELIG;;987654\n", good_baseline());
    let registry = Forms::with_baseline(draft).load().unwrap();
    let finding = only(&findings_of(&registry), FindingKind::NotFinal);
    assert_eq!((finding.variable(), finding.line()), (Some("status"), Some(4)));
}

#[test]
fn a_visit_outside_the_units_period_is_found() {
    let closed = COURSE.replace("2024-02-03;1", "2024-02-03;2");
    let registry = Forms::new().write("course", closed).load().unwrap();
    let finding = only(&findings_of(&registry), FindingKind::UnitOutsidePeriod);
    assert_eq!((finding.form(), finding.variable(), finding.line()), ("course", Some("unit"), Some(3)));
}

#[test]
fn an_unknown_unit_is_an_unknown_code() {
    let unknown = COURSE.replace("2024-02-03;1", "2024-02-03;987654");
    let error = Forms::new().write("course", unknown).load().unwrap_err();
    assert_at(&error, 3, "Unit", "unit");
    assert_quotes_nothing(&format!("{error} {error:?}"));
}

fn baseline_frame(sex: i32) -> DataFrame {
    df!(
        "FormId" => ["b1", "b2"],
        "CourseId" => ["c1", "c2"],
        "PatientId" => ["p1", "p2"],
        "Status" => [2_i64, 2],
        "Answered" => ["2024-02-01 12:30:00", "03.02.2024"],
        "PatientAge" => [47.0, 52.0],
        "Sex" => [1, sex],
        "Weight" => [Some(70.5), None],
        "Note" => ["HEMMELIG", "HEMMELIG"],
        "Pain" => [Some(5_u32), None],
    )
    .unwrap()
}

fn with_baseline_frame(frame: DataFrame) -> Result<Registry, Error> {
    let forms = Forms::new();
    let dir = forms.dir.path();
    Registry::loader(codebook())
        .csv("course", dir.join("course.csv"), forms.format)
        .frame("baseline", frame)
        .csv("six", dir.join("six.csv"), forms.format)
        .load()
}

fn with_baseline_parquet(path: &Path) -> Result<Registry, Error> {
    let forms = Forms::new();
    let dir = forms.dir.path();
    Registry::loader(codebook())
        .csv("course", dir.join("course.csv"), forms.format)
        .parquet("baseline", path)
        .csv("six", dir.join("six.csv"), forms.format)
        .load()
}

#[test]
fn a_callers_frame_is_read_by_the_same_rules() {
    assert!(with_baseline_frame(baseline_frame(2)).unwrap().findings().is_empty());

    let error = with_baseline_frame(baseline_frame(987_654)).unwrap_err();
    assert_at(&error, 2, "Sex", "sex");
    assert_eq!(error.file_name(), None);
    assert!(error.to_string().contains("`baseline`"), "{error}");
    assert_quotes_nothing(&format!("{error} {error:?}"));
}

#[test]
fn a_frame_without_rows_or_with_a_strange_type_is_an_error() {
    assert!(with_baseline_frame(baseline_frame(2).head(Some(0))).unwrap_err().is_input());

    let mut frame = baseline_frame(2);
    let huge = df!("PatientAge" => [u64::MAX, 1]).unwrap();
    frame.with_column(huge.column("PatientAge").unwrap().clone()).unwrap();
    let error = with_baseline_frame(frame).unwrap_err();
    assert_eq!(error.column(), Some("PatientAge"));
    assert!(!error.to_string().contains(&u64::MAX.to_string()), "{error}");
}

#[test]
fn a_parquet_file_is_read_and_a_truncated_one_named() {
    let dir = tempfile::tempdir().unwrap();
    let whole = dir.path().join("whole.parquet");
    ParquetWriter::new(fs::File::create(&whole).unwrap()).finish(&mut baseline_frame(2)).unwrap();
    assert!(with_baseline_parquet(&whole).unwrap().findings().is_empty());

    let bytes = fs::read(&whole).unwrap();
    for kept in [0, 3, 20, bytes.len() / 2, bytes.len() - 1] {
        let cut = dir.path().join("cut.parquet");
        fs::write(&cut, &bytes[..kept]).unwrap();
        let error = with_baseline_parquet(&cut).unwrap_err();
        assert!(error.is_input());
        assert!(error.file_name().is_some_and(|file| file.ends_with("cut.parquet")), "{error}");
        assert!(error.to_string().contains("truncated"), "{error}");
        assert_quotes_nothing(&format!("{error} {error:?}"));
    }
}

#[test]
fn a_bad_value_in_parquet_is_placed_by_its_row() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bad.parquet");
    ParquetWriter::new(fs::File::create(&path).unwrap()).finish(&mut baseline_frame(987_654)).unwrap();
    let error = with_baseline_parquet(&path).unwrap_err();
    assert_at(&error, 2, "Sex", "sex");
    assert_quotes_nothing(&format!("{error} {error:?}"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_loading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Forms::with_baseline(bytes).load();
    }

    #[test]
    fn no_bytes_after_good_rows_make_loading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let started = [good_baseline().into_bytes(), bytes].concat();
        let _ = Forms::with_baseline(started).bad_values_missing().load();
    }

    #[test]
    fn no_rows_of_likely_characters_make_loading_panic(text in "([a-z0-9;\",. \r\n]|ø|\u{a0}){0,300}") {
        let _ = Forms::with_baseline(good_baseline() + &text).bad_values_missing().load();
    }
}
