//! The only place where a counted cube becomes a `Release`.

use super::audit::Audit;
use super::certified::Certified;
use super::hiding::Hiding;
use super::ledger::{Entry, Ledger, PublishedCell, Session, implied_counts};
use super::policy::Policy;
use super::printer::Printer;
use super::release::{Heading, Release, ReleasedChart, Series, State};
use crate::cube::{Cube, IdentityKey, Quantity};
use crate::error::Error;

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
