//! `Ledger`: everything printed so far, in one SQLite file.

use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::cohort::{Derived, Region};
use crate::cube::Constraints;
use crate::error::Error;

/// What earlier releases printed, so that the next one cannot be held against them.
///
/// The file holds published counts and the definitions of their groups, with a keyed hash of each group's records to tell
/// whether a group is still the same one; never microdata. The key stands in a file of its own beside it (`.key`), without
/// which the hashes mean nothing. Keep both; give out neither.
///
/// A release is appended in one transaction before its maker gets to see it. Two processes that protect at once wait for
/// each other. A crash at any point leaves the ledger as it was before.
pub struct Ledger {
    connection: Connection,
    path: PathBuf,
    key: [u8; 32],
}

/// One published count.
pub(super) struct PublishedCell {
    pub(super) constraints: Constraints,
    pub(super) identity: u128,
    pub(super) records: u64,
    pub(super) release: String,
}

/// What is appended for a release.
pub(super) struct Entry<'e> {
    pub(super) name: &'e str,
    pub(super) policy: &'e str,
    pub(super) request: [u8; 32],
    pub(super) content: [u8; 32],
    pub(super) cells: Vec<PublishedCell>,
}

const VERSION: &str = "1";
/// "rgst", so that `file` and SQLite tools tell a ledger from any other database.
const APPLICATION: i32 = 0x7267_7374;
const PATIENCE: Duration = Duration::from_secs(60);

impl Ledger {
    /// Opens a ledger, or begins one for a register where there is no file.
    ///
    /// # Errors
    /// When the file is no ledger, is damaged, was made by another version or for another register, or its key is gone.
    pub fn open(path: impl AsRef<Path>, register: &str) -> Result<Self, Error> {
        let path = path.as_ref();
        let is_new = !path.exists();
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| Error::file(folder, &error))?;
        }
        let key = read_or_make_key(&key_path(path), is_new)?;
        let connection = Connection::open(path).map_err(|_| unreadable(path))?;
        connection.busy_timeout(PATIENCE).map_err(|_| unreadable(path))?;
        let ledger = Self { connection, path: path.to_owned(), key };
        ledger.begin_or_check(is_new, register)?;
        Ok(ledger)
    }

    fn begin_or_check(&self, is_new: bool, register: &str) -> Result<(), Error> {
        let wrong = |_| unreadable(&self.path);
        if is_new {
            let schema = format!(
                "PRAGMA application_id = {APPLICATION};
                 PRAGMA journal_mode = DELETE;
                 BEGIN IMMEDIATE;
                 CREATE TABLE IF NOT EXISTS about (version TEXT NOT NULL, register TEXT NOT NULL);
                 CREATE TABLE IF NOT EXISTS release (
                     id INTEGER PRIMARY KEY, made TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, name TEXT NOT NULL,
                     policy TEXT NOT NULL, request BLOB NOT NULL, content BLOB NOT NULL);
                 CREATE TABLE IF NOT EXISTS cell (
                     release INTEGER NOT NULL REFERENCES release (id), constraints TEXT NOT NULL,
                     identity BLOB NOT NULL, records INTEGER NOT NULL);
                 COMMIT;"
            );
            self.connection.execute_batch(&schema).map_err(wrong)?;
            let insert = "INSERT INTO about SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM about)";
            self.connection.execute(insert, (VERSION, register)).map_err(wrong)?;
        }
        let check: String =
            self.connection.query_row("PRAGMA quick_check", (), |row| row.get(0)).map_err(wrong)?;
        let application: i32 =
            self.connection.query_row("PRAGMA application_id", (), |row| row.get(0)).map_err(wrong)?;
        if check != "ok" || application != APPLICATION {
            return Err(unreadable(&self.path));
        }
        let about = "SELECT version, register FROM about";
        let (version, owner): (String, String) =
            self.connection.query_row(about, (), |row| Ok((row.get(0)?, row.get(1)?))).map_err(wrong)?;
        if version != VERSION {
            return Err(Error::ledger("made by another version of this library").in_file(&self.path));
        }
        if owner != register {
            return Err(Error::ledger("belongs to another register").in_file(&self.path));
        }
        Ok(())
    }

    /// How many releases the ledger holds.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn releases(&self) -> Result<usize, Error> {
        let count: i64 = self
            .connection
            .query_row("SELECT count(*) FROM release", (), |row| row.get(0))
            .map_err(|_| unreadable(&self.path))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    pub(super) fn key(&self) -> [u8; 32] {
        self.key
    }

    /// Locks the ledger for one release: nobody else reads or appends until it is committed or dropped.
    pub(super) fn session(&mut self) -> Result<Session<'_>, Error> {
        let path = self.path.clone();
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|_| Error::ledger("another program holds it; try again").in_file(&path))?;
        Ok(Session { transaction, path })
    }
}

/// An open transaction: what was printed so far, and the one release that may be appended.
pub(super) struct Session<'l> {
    transaction: Transaction<'l>,
    path: PathBuf,
}

impl Session<'_> {
    /// The number of an earlier release made from the same request, policy and data, with its content.
    pub(super) fn find(&self, request: &[u8; 32]) -> Result<Option<(i64, Vec<u8>)>, Error> {
        let wrong = |_| unreadable(&self.path);
        let mut query = self
            .transaction
            .prepare("SELECT id, content FROM release WHERE request = ?1 ORDER BY id")
            .map_err(wrong)?;
        let mut rows = query.query((request.as_slice(),)).map_err(wrong)?;
        match rows.next().map_err(wrong)? {
            Some(row) => Ok(Some((row.get(0).map_err(wrong)?, row.get(1).map_err(wrong)?))),
            None => Ok(None),
        }
    }

    /// What releases before a number printed; all of them for `i64::MAX`.
    pub(super) fn published_before(&self, release: i64) -> Result<Vec<PublishedCell>, Error> {
        let wrong = |_| unreadable(&self.path);
        let mut query = self
            .transaction
            .prepare(
                "SELECT cell.constraints, cell.identity, cell.records, release.name FROM cell
                 JOIN release ON release.id = cell.release WHERE release.id < ?1 ORDER BY release.id, cell.rowid",
            )
            .map_err(wrong)?;
        let mut rows = query.query((release,)).map_err(wrong)?;
        let mut cells = Vec::new();
        while let Some(row) = rows.next().map_err(wrong)? {
            let constraints: String = row.get(0).map_err(wrong)?;
            let identity: Vec<u8> = row.get(1).map_err(wrong)?;
            let records: i64 = row.get(2).map_err(wrong)?;
            let parts: Vec<(Derived, Region)> =
                serde_json::from_str(&constraints).map_err(|_| unreadable(&self.path))?;
            cells.push(PublishedCell {
                constraints: parts.into_iter().collect(),
                identity: identity.try_into().map(u128::from_le_bytes).map_err(|_| unreadable(&self.path))?,
                records: u64::try_from(records).map_err(|_| unreadable(&self.path))?,
                release: row.get(3).map_err(wrong)?,
            });
        }
        Ok(cells)
    }

    pub(super) fn releases_before(&self, release: i64) -> Result<usize, Error> {
        let count: i64 = self
            .transaction
            .query_row("SELECT count(*) FROM release WHERE id < ?1", (release,), |row| row.get(0))
            .map_err(|_| unreadable(&self.path))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// Appends a release and commits.
    pub(super) fn append(self, entry: &Entry<'_>) -> Result<(), Error> {
        let Self { transaction, path } = self;
        let wrong = |_| Error::ledger("could not be written; nothing was released").in_file(&path);
        transaction
            .execute(
                "INSERT INTO release (name, policy, request, content) VALUES (?1, ?2, ?3, ?4)",
                (entry.name, entry.policy, entry.request.as_slice(), entry.content.as_slice()),
            )
            .map_err(wrong)?;
        let release = transaction.last_insert_rowid();
        {
            let mut insert = transaction
                .prepare("INSERT INTO cell (release, constraints, identity, records) VALUES (?1, ?2, ?3, ?4)")
                .map_err(wrong)?;
            for cell in &entry.cells {
                let parts: Vec<(&Derived, &Region)> = cell.constraints.iter().collect();
                let constraints = serde_json::to_string(&parts)
                    .map_err(|_| Error::ledger("a group could not be described; nothing was released"))?;
                let records = i64::try_from(cell.records).unwrap_or(i64::MAX);
                insert
                    .execute((release, constraints, cell.identity.to_le_bytes().as_slice(), records))
                    .map_err(wrong)?;
            }
        }
        transaction.commit().map_err(wrong)
    }
}

fn unreadable(path: &Path) -> Error {
    Error::ledger("is no ledger, or is damaged; restore it from a copy").in_file(path)
}

fn key_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

fn read_or_make_key(path: &Path, may_make: bool) -> Result<[u8; 32], Error> {
    if may_make && !path.exists() {
        let mut key = [0; 32];
        rand::TryRng::try_fill_bytes(&mut rand::rngs::SysRng, &mut key)
            .map_err(|_| Error::ledger("the operating system gave no random key").in_file(path))?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let failed = |error: std::io::Error| Error::file(path, &error);
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        file.write_all(&key).map_err(failed)?;
        // Another process may have been first: then its key is the ledger's.
        let _ = file.persist_noclobber(path);
    }
    let bytes = std::fs::read(path)
        .map_err(|_| Error::ledger("the ledger's key is missing; restore it from a copy").in_file(path))?;
    bytes
        .try_into()
        .map_err(|_| Error::ledger("the ledger's key is damaged; restore it from a copy").in_file(path))
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ledger(..)")
    }
}
