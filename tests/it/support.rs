//! A small register stated person by person, and readers of what a release prints.

use registat::polars::prelude::{Column, DataFrame, PlSmallStr};
use registat::{
    Codebook, Cohort, CsvDialect, Date, Dim, Error, Language, Ledger, Plan, Policy, Registry, Release,
    ReleasedTable, Table, Window, count, dim,
};

pub const ALTA: i64 = 11;
pub const BODO: i64 = 12;
pub const DOKKA: i64 = 21;
pub const EGERSUND: i64 = 22;
pub const FLORO: i64 = 23;
/// The units in printed order: code and printed name.
pub const UNITS: [(i64, &str); 5] =
    [(ALTA, "Alta"), (BODO, "Bodø"), (DOKKA, "Dokka"), (EGERSUND, "Egersund"), (FLORO, "Florø")];
pub const MAN: i64 = 1;
pub const WOMAN: i64 = 2;

/// The identifier of the register in its codebook.
pub const REGISTER: &str = "test";

pub const CODEBOOK: &str = r#"
[register]
id = "test"
name = { nb = "Prøveregisteret", en = "The test register" }
credit = { nb = "Kilde: Prøveregisteret", en = "Source: the test register" }
population = { nb = "pasienter med ryggplager", en = "patients with back pain" }

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
id = "six_months"
label = { nb = "Seks måneder", en = "Six months" }
purpose = "follow-up"
months = 6
key = "form_key"
course = "course_key"
patient = "patient"
status = "status"
final = 2
date = "answered"

[[form]]
id = "twelve_months"
label = { nb = "Tolv måneder", en = "Twelve months" }
purpose = "follow-up"
months = 12
key = "form_key"
course = "course_key"
patient = "patient"
status = "status"
final = 2
date = "answered"

[[variable]]
id = "form_key"
column = "FormId"
forms = ["course", "baseline", "six_months", "twelve_months"]
kind = "identifier"
role = "identifier"
label = { nb = "Skjema", en = "Form" }

[[variable]]
id = "course_key"
column = "CourseId"
forms = ["course", "baseline", "six_months", "twelve_months"]
kind = "identifier"
role = "identifier"
label = { nb = "Forløp", en = "Course" }

[[variable]]
id = "patient"
column = "PatientId"
forms = ["course", "baseline", "six_months", "twelve_months"]
kind = "identifier"
role = "identifier"
label = { nb = "Pasient", en = "Patient" }

[[variable]]
id = "status"
column = "Status"
forms = ["course", "baseline", "six_months", "twelve_months"]
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
forms = ["baseline", "six_months", "twelve_months"]
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
id = "education"
column = "Education"
forms = ["baseline"]
kind = "category"
role = "quasi-identifier"
missing = [0]
label = { nb = "Utdanning", en = "Education" }
levels = [
  { code = 1, label = { nb = "Grunnskole", en = "Primary" } },
  { code = 2, label = { nb = "Videregående", en = "Secondary" } },
  { code = 3, label = { nb = "Høyere", en = "Higher" } },
]

[[variable]]
id = "working"
column = "Working"
forms = ["baseline"]
kind = "tick"
role = "sensitive"
label = { nb = "I arbeid", en = "Working" }

[[variable]]
id = "neck_score"
column = "NeckScore"
forms = ["baseline"]
kind = "integer"
role = "outcome"
min = 0
max = 100
required = false
label = { nb = "Lagret nakkeskår", en = "Stored neck score" }

[[variable.scale]]
name = "raw"
until = "2022-12-31"
min = 0
max = 50

[[variable.scale]]
name = "percent"
from = "2023-01-01"
min = 0
max = 100

[[instrument]]
id = "odi"
label = { nb = "ODI", en = "ODI" }
scoring = "oswestry"
forms = ["baseline", "six_months", "twelve_months"]
columns = ["Odi1", "Odi2", "Odi3", "Odi4", "Odi5", "Odi6", "Odi7", "Odi8", "Odi9", "Odi10"]
first_code = 1
missing = [0]
missing_items = "prorate_any"

[[instrument]]
id = "pain_rest"
label = { nb = "Smerte i hvile", en = "Pain at rest" }
scoring = "pain-nrs"
forms = ["baseline", "six_months", "twelve_months"]
columns = ["PainRest"]
missing = [-1]

[units]
levels = ["region", "hospital"]
node = [
  { id = "north", level = "region", label = { nb = "Nord", en = "North" } },
  { id = "alta", level = "hospital", parent = "north", code = 11, label = { nb = "Alta", en = "Alta" } },
  { id = "bodo", level = "hospital", parent = "north", code = 12, label = { nb = "Bodø", en = "Bodø" } },
  { id = "south", level = "region", label = { nb = "Sør", en = "South" } },
  { id = "dokka", level = "hospital", parent = "south", code = 21, label = { nb = "Dokka", en = "Dokka" } },
  { id = "egersund", level = "hospital", parent = "south", code = 22, label = { nb = "Egersund", en = "Egersund" } },
  { id = "floro", level = "hospital", parent = "south", code = 23, label = { nb = "Florø", en = "Florø" } },
]
"#;

/// One course of treatment; without a name of its own it is a patient of its own.
#[derive(Clone, Debug)]
pub struct Person {
    pub patient: Option<String>,
    pub unit: i64,
    pub sex: i64,
    pub age: Option<i64>,
    pub education: i64,
    pub working: bool,
    pub visit: String,
    pub odi: [i64; 10],
    pub pain: i64,
    pub six: Option<Later>,
    pub twelve: Option<Later>,
}

/// What a follow-up form says.
#[derive(Clone, Debug)]
pub struct Later {
    pub odi: [i64; 10],
    pub pain: i64,
}

/// A patient of a unit in the middle of everything else.
pub fn person(unit: i64, sex: i64) -> Person {
    Person {
        patient: None,
        unit,
        sex,
        age: Some(50),
        education: 2,
        working: false,
        visit: "15.03.2024".to_owned(),
        odi: odi(20),
        pain: 5,
        six: None,
        twelve: None,
    }
}

impl Person {
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// So many patients that are all like this one.
    pub fn times(self, number: usize) -> Vec<Self> {
        vec![self; number]
    }
}

/// A follow-up with this Oswestry sum (0 to 50) and pain.
pub fn later(odi_sum: i64, pain: i64) -> Later {
    Later { odi: odi(odi_sum), pain }
}

/// Ten answered items with this sum of answers (0 to 50): a score of twice as many percent.
pub fn odi(sum: i64) -> [i64; 10] {
    assert!((0..=50).contains(&sum));
    let mut codes = [1; 10];
    for step in 0..sum {
        codes[(step % 10) as usize] += 1;
    }
    codes
}

/// The first items with these answers (0 to 5), the others not answered.
pub fn some_items(answers: &[i64]) -> [i64; 10] {
    let mut codes = [0; 10];
    for (code, answer) in codes.iter_mut().zip(answers) {
        *code = answer + 1;
    }
    codes
}

/// So many patients in each unit, men and women in turn.
pub fn units(sizes: &[(i64, usize)]) -> Vec<Person> {
    let mut persons = Vec::new();
    for (unit, size) in sizes {
        for number in 0..*size {
            persons.push(person(*unit, if number.is_multiple_of(2) { MAN } else { WOMAN }));
        }
    }
    persons
}

/// So many men and so many women in each unit.
pub fn men_and_women(sizes: &[(i64, usize, usize)]) -> Vec<Person> {
    let mut persons = Vec::new();
    for (unit, men, women) in sizes {
        persons.extend(person(*unit, MAN).times(*men));
        persons.extend(person(*unit, WOMAN).times(*women));
    }
    persons
}

/// One row of the clinician's form.
#[derive(Clone)]
pub struct VisitRow {
    pub course: String,
    pub patient: String,
    pub visit: String,
    pub unit: i64,
}

/// One row of a patient's form.
#[derive(Clone)]
pub struct AnswerRow {
    pub course: String,
    pub patient: String,
    pub status: i64,
    pub answered: String,
    pub age: Option<i64>,
    pub sex: i64,
    pub education: i64,
    pub working: i64,
    pub odi: [i64; 10],
    pub pain: i64,
}

/// The forms of a register, row by row.
#[derive(Clone, Default)]
pub struct Forms {
    pub course: Vec<VisitRow>,
    pub baseline: Vec<AnswerRow>,
    pub six: Vec<AnswerRow>,
    pub twelve: Vec<AnswerRow>,
}

impl Forms {
    /// One course per person; the courses are named by their place in the list.
    pub fn of(persons: &[Person]) -> Self {
        let mut forms = Self::default();
        for (number, person) in persons.iter().enumerate() {
            let course = format!("c{number}");
            let patient = person.patient.clone().unwrap_or_else(|| format!("p{number}"));
            forms.course.push(VisitRow {
                course: course.clone(),
                patient: patient.clone(),
                visit: person.visit.clone(),
                unit: person.unit,
            });
            let answer = AnswerRow {
                course,
                patient,
                status: 2,
                answered: person.visit.clone(),
                age: person.age,
                sex: person.sex,
                education: person.education,
                working: i64::from(person.working),
                odi: person.odi,
                pain: person.pain,
            };
            for (later, rows) in [(&person.six, &mut forms.six), (&person.twelve, &mut forms.twelve)] {
                if let Some(later) = later {
                    rows.push(AnswerRow { odi: later.odi, pain: later.pain, ..answer.clone() });
                }
            }
            forms.baseline.push(answer);
        }
        // A form without any row is taken for a mistake, so each follow-up has a draft, which does not count.
        if let Some(draft) = forms.baseline.first().cloned() {
            let draft =
                AnswerRow { course: "draft".to_owned(), patient: "draft".to_owned(), status: 1, ..draft };
            forms.six.push(draft.clone());
            forms.twelve.push(draft);
        }
        forms
    }

    /// The same rows in another order.
    pub fn shuffle(&mut self, random: &mut Random) {
        random.shuffle(&mut self.course);
        random.shuffle(&mut self.baseline);
        random.shuffle(&mut self.six);
        random.shuffle(&mut self.twelve);
    }

    pub fn load(&self) -> Registry {
        Registry::loader(codebook())
            .frame("course", visit_frame(&self.course))
            .frame("baseline", answer_frame("baseline", &self.baseline))
            .frame("six_months", answer_frame("six_months", &self.six))
            .frame("twelve_months", answer_frame("twelve_months", &self.twelve))
            .load()
            .unwrap()
    }

    pub fn cohort(&self) -> Cohort {
        self.load().cohort().build().unwrap()
    }
}

pub fn codebook() -> Codebook {
    Codebook::from_toml(CODEBOOK).unwrap()
}

fn texts(name: &str, values: impl Iterator<Item = String>) -> Column {
    let values: Vec<Option<String>> = values.map(Some).collect();
    Column::new(PlSmallStr::from_str(name), values)
}

fn codes(name: &str, values: impl Iterator<Item = Option<i64>>) -> Column {
    let values: Vec<Option<i64>> = values.collect();
    Column::new(PlSmallStr::from_str(name), values)
}

fn visit_frame(rows: &[VisitRow]) -> DataFrame {
    let columns = vec![
        texts("FormId", (0..rows.len()).map(|row| format!("course-{row}"))),
        texts("CourseId", rows.iter().map(|row| row.course.clone())),
        texts("PatientId", rows.iter().map(|row| row.patient.clone())),
        codes("Status", rows.iter().map(|_| Some(2))),
        texts("Visit", rows.iter().map(|row| row.visit.clone())),
        codes("Unit", rows.iter().map(|row| Some(row.unit))),
    ];
    DataFrame::new(rows.len(), columns).unwrap()
}

fn answer_frame(form: &str, rows: &[AnswerRow]) -> DataFrame {
    let mut columns = vec![
        texts("FormId", (0..rows.len()).map(|row| format!("{form}-{row}"))),
        texts("CourseId", rows.iter().map(|row| row.course.clone())),
        texts("PatientId", rows.iter().map(|row| row.patient.clone())),
        codes("Status", rows.iter().map(|row| Some(row.status))),
        texts("Answered", rows.iter().map(|row| row.answered.clone())),
        codes("PainRest", rows.iter().map(|row| Some(row.pain))),
    ];
    for item in 0..10 {
        columns.push(codes(&format!("Odi{}", item + 1), rows.iter().map(move |row| Some(row.odi[item]))));
    }
    if form == "baseline" {
        columns.push(codes("PatientAge", rows.iter().map(|row| row.age)));
        columns.push(codes("Sex", rows.iter().map(|row| Some(row.sex))));
        columns.push(codes("Education", rows.iter().map(|row| Some(row.education))));
        columns.push(codes("Working", rows.iter().map(|row| Some(row.working))));
    }
    DataFrame::new(rows.len(), columns).unwrap()
}

pub fn cohort(persons: &[Person]) -> Cohort {
    Forms::of(persons).cohort()
}

/// Groups of fewer than five patients are protected, nothing is withheld for another reason.
pub fn five() -> Policy {
    Policy::threshold_of(5).unwrap()
}

pub fn release(persons: &[Person], plan: impl Into<Plan>) -> Release {
    cohort(persons).aggregate(plan).unwrap().protect(&five()).unwrap()
}

pub fn publish(
    persons: &[Person],
    plan: impl Into<Plan>,
    ledger: &mut Ledger,
    name: &str,
) -> Result<Release, Error> {
    cohort(persons).aggregate(plan).unwrap().protect_with(&five(), ledger, name)
}

/// The units, and all of them together.
pub fn hospitals() -> Dim {
    dim("hospital").total()
}

/// How many in each unit and in all.
pub fn counts_by_hospital(id: &str) -> Table {
    Table::new(id).rows(hospitals()).stat(count())
}

/// How many in each unit by the levels of a variable, with both totals.
pub fn counts_by_hospital_and(id: &str, variable: &str) -> Table {
    Table::new(id).rows(hospitals()).cols(dim(variable).total()).stat(count())
}

pub fn visits(first: (i32, u32, u32), last: (i32, u32, u32)) -> Window {
    let day = |(year, month, day): (i32, u32, u32)| Date::new(year, month, day).unwrap();
    Window::Visits { first: day(first), last: day(last) }
}

/// A printed table, read back from its CSV.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub heads: Vec<String>,
    pub rows: Vec<Line>,
}

/// One printed row.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub label: String,
    pub kind: String,
    pub cells: Vec<String>,
}

impl Sheet {
    pub fn of(table: &ReleasedTable) -> Self {
        Self::parse(&table.to_csv(Language::English, CsvDialect::Rfc4180))
    }

    /// The table of this name in a release.
    pub fn read(release: &Release, id: &str) -> Self {
        Self::of(release.table(id).unwrap())
    }

    pub fn parse(text: &str) -> Self {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let mut lines = reader.records().map(|line| {
            let line = line.unwrap();
            line.iter().map(str::to_owned).collect::<Vec<String>>()
        });
        let heads = lines.next().unwrap().split_off(2);
        let rows = lines
            .map(|mut fields| {
                let cells = fields.split_off(2);
                let kind = fields.pop().unwrap();
                let label = fields.pop().unwrap();
                Line { label, kind, cells }
            })
            .collect();
        Self { heads, rows }
    }

    #[track_caller]
    pub fn text(&self, row: &str, head: &str) -> &str {
        let Some(place) = self.heads.iter().position(|known| known == head) else {
            panic!("no column {head} among {:?}", self.heads);
        };
        let Some(line) = self.rows.iter().find(|line| line.label == row) else {
            panic!("no row {row}");
        };
        &line.cells[place]
    }

    /// The printed number, `None` where it is hidden or there is none.
    #[track_caller]
    pub fn number(&self, row: &str, head: &str) -> Option<f64> {
        self.text(row, head).parse().ok()
    }

    #[track_caller]
    pub fn count(&self, row: &str, head: &str) -> Option<u64> {
        self.text(row, head).parse().ok()
    }

    /// One column of counts, row by row.
    #[track_caller]
    pub fn counts(&self, head: &str) -> Vec<Option<u64>> {
        self.rows.iter().map(|line| self.count(&line.label, head)).collect()
    }

    /// All cells as counts, row by row.
    pub fn grid(&self) -> Vec<Vec<Option<u64>>> {
        self.rows.iter().map(|line| line.cells.iter().map(|cell| cell.parse().ok()).collect()).collect()
    }

    pub fn labels(&self) -> Vec<&str> {
        self.rows.iter().map(|line| line.label.as_str()).collect()
    }
}

/// The texts of all cells in the bodies of an HTML table, row by row.
pub fn html_rows(html: &str) -> Vec<Vec<String>> {
    let bodies = html.split_once("<tbody>").map_or("", |(_, bodies)| bodies);
    let cell = |cell: &str| {
        let inside = cell.split_once('>').map_or("", |(_, inside)| inside);
        without_tags(inside.split("</td>").next().unwrap_or_default())
    };
    bodies.split("<tr").skip(1).map(|row| row.split("<td").skip(1).map(cell).collect()).collect()
}

/// Every number that the bodies of an HTML table show.
pub fn html_numbers(html: &str) -> Vec<f64> {
    html_rows(html).iter().flatten().filter_map(|text| printed_number(text)).collect()
}

/// A number as the English tables print it, with thousands and percent signs.
pub fn printed_number(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|character| !matches!(character, ',' | '%')).collect();
    plain.replace('\u{2212}', "-").parse().ok()
}

fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for character in html.chars() {
        match character {
            '<' => inside = true,
            '>' => inside = false,
            other if !inside => text.push(other),
            _ => {}
        }
    }
    text
}

/// A stream of numbers that is the same on every machine (splitmix64).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.draw() % limit
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }
}

impl Sheet {
    /// The same table read back from its HTML, in the words and numbers of its CSV.
    pub fn from_html(html: &str) -> Self {
        let (head, bodies) = html.split_once("</thead>").unwrap();
        let columns = html_heads(head);
        let heads = columns.iter().flat_map(|head| {
            let limits = || ["lower", "upper"].map(|limit| format!("{head} / {limit}")).to_vec();
            if is_range(head) { limits() } else { vec![head.clone()] }
        });
        let rows = bodies.split("<tr class=\"").skip(1).zip(html_rows(html)).map(|(row, cells)| {
            let cells = columns.iter().zip(&cells).flat_map(|(head, cell)| as_in_csv(cell, is_range(head)));
            let (name, _) = row.split_once("</th>").unwrap();
            Line {
                label: name.rsplit('>').next().unwrap_or_default().to_owned(),
                kind: row.split('"').next().unwrap_or_default().to_owned(),
                cells: cells.collect(),
            }
        });
        Self { heads: heads.collect(), rows: rows.collect() }
    }
}

/// The heads of the columns of numbers on one line each: what stands above them, level by level.
fn html_heads(head: &str) -> Vec<String> {
    let mut columns: Vec<Vec<String>> = Vec::new();
    for level in head.split("<tr>").skip(1) {
        let mut place = 0;
        for cell in level.split("<t").skip(1) {
            let (tag, inside) = cell.split_once('>').unwrap();
            if tag.contains("class=\"stub\"") {
                continue;
            }
            let text = inside.split('<').next().unwrap_or_default();
            let span = tag.split_once("colspan=\"").and_then(|(_, span)| span.split('"').next());
            for _ in 0..span.map_or(1, |span| span.parse::<usize>().unwrap()) {
                if columns.len() == place {
                    columns.push(Vec::new());
                }
                columns[place].extend((!text.is_empty()).then(|| text.to_owned()));
                place += 1;
            }
        }
    }
    columns.iter().map(|parts| parts.join(" / ")).collect()
}

fn is_range(head: &str) -> bool {
    head.ends_with("Quartiles") || head.ends_with("CI")
}

/// What the CSV says in one or two places where the HTML says this.
fn as_in_csv(text: &str, is_range: bool) -> Vec<String> {
    let places = if is_range { 2 } else { 1 };
    if text.ends_with("no data") {
        return vec![String::new(); places];
    }
    let words = ["protected", "too few answers", "low coverage"];
    if let Some(word) = words.into_iter().find(|word| text.ends_with(word)) {
        return vec![word.to_owned(); places];
    }
    let plain = |number: &str| {
        let digits: String = number.chars().filter(|character| !matches!(character, ',' | '%')).collect();
        digits.replace('\u{2212}', "-")
    };
    if is_range {
        let separator = if text.contains(" to ") { " to " } else { "\u{2013}" };
        text.split(separator).map(plain).collect()
    } else {
        vec![plain(text)]
    }
}
