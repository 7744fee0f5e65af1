//! The only place where a counted cube becomes a `Release`.

use super::audit::Audit;
use super::certified::Certified;
use super::hiding::Hiding;
use super::ledger::{Entry, Ledger, PublishedCell, Session, implied_counts};
use super::policy::Policy;
use super::release::{
    Cell, Column, Heading, Printed, Release, ReleasedChart, ReleasedTable, Row, Series, State,
};
use super::verify::rounded_share;
use crate::cohort::Derived;
use crate::cube::{Cube, IdentityKey, Place, Quantity, Sheet};
use crate::error::Error;
use crate::stats::{ConfidenceLevel, Interval, QuantileType, wilson};

impl Cube {
    /// Hides what must be hidden, jointly over every table and chart of the plan, and makes the release.
    ///
    /// Nothing is known here of what was printed before; the audit says so. Use
    /// [`protect_with`](Self::protect_with) for anything that leaves the house.
    ///
    /// # Errors
    /// A refusal ([`Error::is_refusal`]) names the table and the variables whose small groups cannot be hidden.
    pub fn protect(&self, policy: &Policy) -> Result<Release, Error> {
        self.protect_certified(policy).map(|certified| certified.release)
    }

    /// The same, with the proof that it is safe and the audit, for the staff side.
    ///
    /// # Errors
    /// As [`protect`](Self::protect).
    ///
    /// ```
    /// use registat::{Policy, Registry, Table, Window, count, dim, verify};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let cohort = Registry::open("data-samples/nnrr")?.cohort().visits(Window::VisitYear(2025)).build()?;
    /// let table = Table::new("units").rows(dim("hospital").under("region").total()).cols("sex").stat(count());
    /// let certified = cohort.aggregate(&table)?.protect_certified(&Policy::norwegian_register())?;
    /// let verified = verify(&serde_json::to_string(&certified.release)?, &certified.certificate)?;
    /// assert_eq!(verified.proven + verified.bounded, certified.release.audit().proven());
    /// # Ok(())
    /// # }
    /// ```
    pub fn protect_certified(&self, policy: &Policy) -> Result<Certified, Error> {
        let hiding = Hiding::decide(self, policy, &[])?;
        let release = assemble(self, policy, &hiding, None)?;
        let json = published_form(&release)?;
        Ok(Certified::new(self, policy, &hiding, release, &json))
    }

    /// The same, protected against everything that the ledger holds, and entered in it before the release is returned.
    /// The same release issued again is recognised: it comes out the same and is entered once.
    ///
    /// `name` is how the ledger calls the release; a later refusal may print it.
    ///
    /// # Errors
    /// As [`protect`](Self::protect), and when the ledger cannot be read or written. Nothing is entered then.
    pub fn protect_with(&self, policy: &Policy, ledger: &mut Ledger, name: &str) -> Result<Release, Error> {
        self.protect_certified_with(policy, ledger, name).map(|certified| certified.release)
    }

    /// The same, with the proof that it is safe beside everything that the ledger holds, and the audit, for the staff side.
    ///
    /// # Errors
    /// As [`protect_with`](Self::protect_with).
    pub fn protect_certified_with(
        &self,
        policy: &Policy,
        ledger: &mut Ledger,
        name: &str,
    ) -> Result<Certified, Error> {
        let key = IdentityKey(ledger.key());
        let session = ledger.session()?;
        let request = fingerprint_of_request(&self.recount(&[], key)?, policy)?;
        for (number, content) in session.issues_of(&request) {
            // Issued before, perhaps: made again from what was known then, it must come out the same.
            let again = self.held_against(policy, key, &session, number)?;
            if content == again.content {
                return Ok(again.certified);
            }
        }
        // Something else about it is new (a title, a headline), so everything printed since counts, its first issue included.
        let Made { certified, content, cells } = self.held_against(policy, key, &session, i64::MAX)?;
        session.append(&Entry { name, policy: policy.name(), request, content, cells })?;
        Ok(certified)
    }

    /// The release that is safe beside those before a number of the ledger.
    fn held_against(
        &self,
        policy: &Policy,
        key: IdentityKey,
        session: &Session<'_>,
        before: i64,
    ) -> Result<Made, Error> {
        let mut earlier = session.published_before(before)?;
        let constraints: Vec<_> = earlier.iter().map(|cell| cell.constraints.clone()).collect();
        let mut cube = self.recount(&constraints, key)?;
        for (cell, published) in implied_counts(&cube, &earlier) {
            cube.added.push(cell);
            earlier.push(published);
        }
        let hiding = Hiding::decide(&cube, policy, &earlier)?;
        let release = assemble(&cube, policy, &hiding, Some(session.releases_before(before)))?;
        let json = published_form(&release)?;
        let content = *blake3::hash(&json).as_bytes();
        let cells = published_cells(&cube, &hiding);
        Ok(Made { certified: Certified::new(&cube, policy, &hiding, release, &json), content, cells })
    }
}

/// A release, its fingerprint, and what it adds to the ledger.
struct Made {
    certified: Certified,
    content: [u8; 32],
    cells: Vec<PublishedCell>,
}

/// A release as it is published: what its fingerprint and its certificate are about.
fn published_form(release: &Release) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(release).map_err(|_| Error::audit("the release cannot be written down"))
}

/// Everything that a release is made from: policy, places and the record sets behind them.
fn fingerprint_of_request(cube: &Cube, policy: &Policy) -> Result<[u8; 32], Error> {
    let mut hasher = blake3::Hasher::new();
    let policy =
        serde_json::to_vec(policy).map_err(|_| Error::policy("the policy cannot be written down"))?;
    hasher.update(&policy);
    for sheet in &cube.resolved.sheets {
        hasher.update(sheet.id.as_bytes());
        for row in &sheet.rows {
            for place in &row.places {
                for (cell, quantity) in place.gives_away() {
                    let count = cube.cell(cell);
                    hasher.update(format!("{quantity:?}").as_bytes());
                    hasher.update(&count.identity.to_le_bytes());
                    for (value, times) in count.histograms.values().flat_map(crate::stats::Histogram::iter) {
                        hasher.update(&value.to_le_bytes());
                        hasher.update(&times.to_le_bytes());
                    }
                }
            }
        }
    }
    Ok(*hasher.finalize().as_bytes())
}

fn published_cells(cube: &Cube, hiding: &Hiding) -> Vec<PublishedCell> {
    let printed = cube.resolved.printed();
    let counts = printed.into_iter().filter(|(_, quantity)| *quantity == Quantity::Count);
    counts
        .filter(|(cell, quantity)| hiding.is_public(*cell, *quantity))
        .map(|(cell, _)| PublishedCell {
            constraints: cube.resolved.grid.constraints(cell),
            identity: cube.cell(cell).identity,
            records: cube.cell(cell).records,
            patients: Some(cube.cell(cell).patients),
            // The ledger gives name and number.
            release: String::new(),
            number: 0,
        })
        .collect()
}

fn assemble(cube: &Cube, policy: &Policy, hiding: &Hiding, earlier: Option<usize>) -> Result<Release, Error> {
    let printer = Printer { cube, policy, hiding };
    let register = cube.cohort.courses.codebook().register();
    let mut release = Release {
        heading: Heading {
            register: register.name().clone(),
            credit: register.credit().clone(),
            population: register.population().clone(),
            extracted: cube.cohort.extracted,
            threshold: policy.threshold(),
            policy: policy.name().to_owned(),
        },
        tables: Vec::new(),
        charts: Vec::new(),
        audit: Audit {
            policy: policy.name().to_owned(),
            threshold: policy.threshold(),
            printed: 0,
            hidden: 0,
            cells: hiding.system.len(),
            equations: hiding.system.lines.len(),
            sensitive: hiding.claims.len() + hiding.public_already.len(),
            proven: hiding.claims.len(),
            narrow: hiding.narrow(),
            public_already: hiding.public_already.len(),
            earlier_releases: earlier,
        },
    };
    for sheet in &cube.resolved.sheets {
        let table = printer.table(sheet)?;
        let cells = table.rows.iter().flat_map(|row| &row.cells);
        for cell in cells {
            match cell.0 {
                State::Protected => release.audit.hidden += 1,
                State::Shown(_) => release.audit.printed += 1,
                _ => {}
            }
        }
        match &sheet.chart {
            None => release.tables.push(table),
            Some(chart) => release.charts.push(ReleasedChart {
                kind: chart.kind,
                data: table,
                axis: chart.axis.clone(),
                goal: chart.goal,
                series: chart
                    .series
                    .iter()
                    .map(|series| Series {
                        label: series.label.clone(),
                        value: series.value,
                        interval: series.interval,
                        n: series.n,
                    })
                    .collect(),
            }),
        }
    }
    Ok(release)
}

struct Printer<'c> {
    cube: &'c Cube,
    policy: &'c Policy,
    hiding: &'c Hiding,
}

impl Printer<'_> {
    fn table(&self, sheet: &Sheet) -> Result<ReleasedTable, Error> {
        let columns = sheet.columns.iter().map(|column| Column {
            group: column.group.clone(),
            statistic: column.statistic.clone(),
            head: column.head,
        });
        let mut rows = Vec::with_capacity(sheet.rows.len());
        for row in &sheet.rows {
            let mut cells = Vec::with_capacity(row.places.len());
            for place in &row.places {
                cells.push(Cell(self.state(*place, row.unit.as_deref())?));
            }
            rows.push(Row { label: row.label.clone(), kind: row.kind, depth: row.depth, cells });
        }
        Ok(ReleasedTable {
            id: sheet.id.clone(),
            title: sheet.title.clone(),
            stub: sheet.stub.clone(),
            notes: sheet.notes.clone(),
            columns: columns.collect(),
            rows,
        })
    }

    /// Privacy first, then coverage, then reliability; the number itself only when nothing hides it.
    fn state(&self, place: Place, unit: Option<&str>) -> Result<State, Error> {
        if !place.gives_away().into_iter().all(|(cell, quantity)| self.hiding.is_public(cell, quantity)) {
            return Ok(State::Protected);
        }
        let base = self.cube.cell(place.rests_on());
        if !place.is_count() {
            if base.records == 0 {
                return Ok(State::NotApplicable);
            }
            if unit.is_some_and(|unit| self.policy.lacks_coverage(unit)) {
                return Ok(State::LowCoverage);
            }
            let reliable =
                if place.is_share() { self.policy.reliable_share() } else { self.policy.reliable_mean() };
            if unit.is_some() && base.patients < reliable {
                return Ok(State::Unreliable);
            }
        }
        Ok(self.number(place)?.map_or(State::NotApplicable, State::Shown))
    }

    fn number(&self, place: Place) -> Result<Option<Printed>, Error> {
        let level = ConfidenceLevel::P95;
        let share_decimals = self.policy.share_decimals();
        let cells = |cell| self.cube.cell(cell);
        Ok(match place {
            Place::Count { cell } => Some(Printed::Count(cells(cell).records)),
            Place::Patients { cell } => Some(Printed::Count(cells(cell).patients)),
            Place::Share { of, among } => {
                let (of, among) = (i128::from(cells(of).records), i128::from(cells(among).records));
                // Whole numbers all the way: whoever checks the percentage must come to the same last digit.
                rounded_share(of, among, share_decimals).map(|steps| Printed::Percent {
                    value: steps as f64 / 10_f64.powi(i32::from(share_decimals)),
                    decimals: share_decimals,
                })
            }
            Place::ShareInterval { of, among } => {
                let limits = wilson(cells(of).records, cells(among).records, level);
                let percent = limits
                    .map(|limits| Interval { lower: 100.0 * limits.lower, upper: 100.0 * limits.upper });
                percent.map(|percent| range(percent, share_decimals, true))
            }
            Place::Mean { cell, value } => {
                self.moments(cell, value).and_then(|moments| moments.mean()).map(|mean| {
                    let decimals = self.decimals(value);
                    Printed::Number { value: rounded(mean, decimals), decimals }
                })
            }
            Place::Deviation { cell, value } => {
                self.moments(cell, value).and_then(|moments| moments.sd()).map(|sd| {
                    let decimals = self.decimals(value);
                    Printed::Number { value: rounded(sd, decimals), decimals }
                })
            }
            Place::MeanInterval { cell, value } => {
                let limits = self.moments(cell, value).and_then(|moments| moments.mean_interval(level));
                limits.map(|limits| range(self.within_scale(limits, value), self.decimals(value), false))
            }
            Place::Median { cell, value } => {
                let decimals = self.decimals(value);
                self.quantile(cell, value, 0.5)?
                    .map(|median| Printed::Number { value: rounded(median, decimals), decimals })
            }
            Place::Quartiles { cell, value } => {
                let lower = self.quantile(cell, value, 0.25)?;
                let upper = self.quantile(cell, value, 0.75)?;
                lower
                    .zip(upper)
                    .map(|(lower, upper)| range(Interval { lower, upper }, self.decimals(value), false))
            }
        })
    }

    fn moments(&self, cell: usize, value: usize) -> Option<crate::stats::Moments> {
        self.cube.cell(cell).histograms.get(&value).map(crate::stats::Histogram::moments)
    }

    fn quantile(&self, cell: usize, value: usize, p: f64) -> Result<Option<f64>, Error> {
        match self.cube.cell(cell).histograms.get(&value) {
            Some(histogram) => histogram.quantile(p, QuantileType::default()),
            None => Ok(None),
        }
    }

    fn decimals(&self, value: usize) -> u8 {
        self.cube.resolved.values.get(value).map_or(1, |value| value.decimals)
    }

    /// A t interval of a bounded score may leave its scale; what is printed does not.
    fn within_scale(&self, limits: Interval, value: usize) -> Interval {
        let codebook = self.cube.cohort.courses.codebook();
        match self.cube.resolved.values.get(value).map(|value| &value.derived) {
            Some(Derived::Score { instrument, .. }) => match codebook.instrument(instrument) {
                Some(instrument) => {
                    let (lowest, highest) = instrument.scoring().range();
                    Interval { lower: limits.lower.max(lowest), upper: limits.upper.min(highest) }
                }
                None => limits,
            },
            _ => limits,
        }
    }
}

fn range(limits: Interval, decimals: u8, percent: bool) -> Printed {
    Printed::Range {
        lower: rounded(limits.lower, decimals),
        upper: rounded(limits.upper, decimals),
        decimals,
        percent,
    }
}

/// Rounds half away from zero, once; renderers only format. Never a negative zero.
fn rounded(value: f64, decimals: u8) -> f64 {
    let scale = 10_f64.powi(i32::from(decimals));
    (value * scale).round() / scale + 0.0
}
