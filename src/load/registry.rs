//! A register in memory: its codebook and one checked frame per form. Everything in it is inside.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use polars::prelude::DataFrame;

use super::csv_format::CsvFormat;
use super::findings::Findings;
use super::loader::Loader;
use crate::error::Error;
use crate::schema::Codebook;

/// The forms of a register, loaded and checked.
///
/// It holds patients' answers, so it can neither be printed nor serialised; what may leave it goes through a
/// cohort, a cube and protection.
pub struct Registry {
    codebook: Codebook,
    forms: BTreeMap<String, DataFrame>,
    findings: Findings,
}

impl Registry {
    pub(super) fn new(codebook: Codebook, forms: BTreeMap<String, DataFrame>, findings: Findings) -> Self {
        Self { codebook, forms, findings }
    }

    /// Opens a folder with `codebook.toml` and, for each form, `<form>.csv` (as
    /// [`CsvFormat::norwegian`] writes it) or `<form>.parquet`.
    ///
    /// # Errors
    /// When the codebook or a form is not there, when a form is there twice, and as [`Loader::load`].
    pub fn open(dir: impl AsRef<Path>) -> Result<Self, Error> {
        let dir = dir.as_ref();
        let codebook = Codebook::open(dir.join("codebook.toml"))?;
        let ids: Vec<String> = codebook.forms.iter().map(|form| form.id.clone()).collect();
        let mut loader = Self::loader(codebook);
        for id in ids {
            let csv = dir.join(format!("{id}.csv"));
            let parquet = dir.join(format!("{id}.parquet"));
            loader = match (csv.is_file(), parquet.is_file()) {
                (true, false) => loader.csv(&id, csv, CsvFormat::norwegian()),
                (false, true) => loader.parquet(&id, parquet),
                (found, _) => {
                    let what = if found { "both" } else { "neither" };
                    let message = format!("{what} of `{id}.csv` and `{id}.parquet` is there; keep one");
                    return Err(Error::load(message).in_file(dir));
                }
            };
        }
        loader.load()
    }

    /// Begins to load forms from where they are.
    pub fn loader(codebook: Codebook) -> Loader {
        Loader::new(codebook)
    }

    /// The codebook by which the forms were read.
    pub fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    /// What loading noticed and did not refuse.
    pub fn findings(&self) -> &Findings {
        &self.findings
    }

    pub(crate) fn form(&self, id: &str) -> Option<&DataFrame> {
        self.forms.get(id)
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Registry(..)")
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::{DataType, df};

    use super::*;

    fn codebook() -> Codebook {
        let label = "label = { nb = 'L', en = 'L' }";
        let form = |id: &str, purpose: &str| {
            format!(
                "[[form]]\nid = '{id}'\n{label}\npurpose = '{purpose}'\nkey = 'key'\ncourse = 'key'\n\
                 patient = 'patient'\nstatus = 'status'\nfinal = 2\ndate = 'visit'\nunit = 'unit'\n"
            )
        };
        let variable = |id: &str, column: &str, rest: &str| {
            format!(
                "[[variable]]\nid = '{id}'\ncolumn = '{column}'\n{label}\n\
                 forms = ['course', 'baseline']\n{rest}\n"
            )
        };
        let text = [
            "[register]\nid = 't'\nname = { nb = 'T', en = 'T' }\ncredit = { nb = 'T', en = 'T' }\n"
                .to_owned(),
            "population = { nb = 'T', en = 'T' }\n".to_owned(),
            form("course", "course"),
            form("baseline", "baseline"),
            variable("key", "K", "kind = 'identifier'\nrole = 'identifier'"),
            variable("patient", "P", "kind = 'identifier'\nrole = 'identifier'"),
            variable("status", "S", "kind = 'integer'\nrole = 'administrative'"),
            variable("visit", "V", "kind = 'date'\nrole = 'administrative'"),
            variable("unit", "U", "kind = 'category'\nrole = 'unit'\nrequired = false"),
            variable("sick", "T", "kind = 'tick'\nrole = 'sensitive'\nrequired = false"),
            variable("extra", "E", "kind = 'tick'\nrole = 'sensitive'\nrequired = false"),
            variable("weight", "W", "kind = 'decimal'\nrole = 'sensitive'\nrequired = false"),
            variable("sex", "X", "kind = 'category'\nrole = 'sensitive'\nrequired = false\nmissing = [0]"),
            format!("levels = [{{ code = 1, {label} }}]\n"),
            format!("[[instrument]]\nid = 'pain'\n{label}\nscoring = 'pain-nrs'\nforms = ['baseline']\n"),
            "columns = ['N']\nfirst_code = 1\nmissing = [0]\n".to_owned(),
            format!("[units]\nlevels = ['u']\nnode = [{{ id = 'a', level = 'u', code = 7, {label} }}]\n"),
        ];
        Codebook::from_toml(&text.concat()).unwrap()
    }

    #[test]
    fn cells_become_what_the_codebook_says() {
        let course = df!(
            "K" => ["a", "b"],
            "P" => [1, 2],
            "S" => [2, 2],
            "V" => ["01.02.2024", "2024-02-02"],
            "U" => [7, 7],
        );
        let baseline = df!(
            "K" => ["a", "b", "c"],
            "P" => [1, 2, 3],
            "S" => [2, 2, 1],
            "V" => ["01.02.2024", "2024-02-02", "?"],
            "T" => [Some(true), None, None],
            "X" => [Some(1), Some(0), Some(9)],
            "W" => ["1 070,5", "", "?"],
            "N" => [Some(1.0), Some(0.0), Some(99.0)],
        );
        let loader = Registry::loader(codebook()).frame("course", course.unwrap());
        let registry = loader.frame("baseline", baseline.unwrap()).load().unwrap();
        let frame = registry.form("baseline").unwrap();
        let whole = |name: &str| frame.column(name).unwrap().i64().unwrap().to_vec();

        assert_eq!(frame.height(), 2);
        assert_eq!(whole("sick"), [Some(1), Some(0)]);
        assert_eq!(whole("sex"), [Some(1), None]);
        assert_eq!(whole("pain.1"), [Some(0), None]);
        assert_eq!(whole("extra"), [None, None]);
        assert_eq!(frame.column("weight").unwrap().f64().unwrap().to_vec(), [Some(1070.5), None]);
        assert_eq!(frame.column("patient").unwrap().str().unwrap().get(1), Some("2"));
        assert_eq!(frame.column("visit").unwrap().dtype(), &DataType::Date);
        let tallies = registry.findings().tallies();
        let counted: Vec<_> =
            tallies.iter().map(|t| (t.form.as_str(), t.kind.id(), t.rows, t.patients.len())).collect();
        assert_eq!(counted, [("baseline", "not-final", 1, 1)]);
    }
}
