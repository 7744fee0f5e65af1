//! The file: its tables, how it is begun, read and appended to.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::folder_of;
use crate::error::Error;

const VERSION: &str = "2";
/// "rgst", so that `file` and SQLite tools tell a ledger from any other database.
const APPLICATION: i32 = 0x7267_7374;
const PATIENCE: Duration = Duration::from_secs(60);

/// One row in `about`, one row per release, one row per published count. SQLite keeps these texts, spaces included, and a
/// ledger is told from another database by them: a change of theirs is a new version.
const TABLES: &str = "
CREATE TABLE about (version TEXT NOT NULL, register TEXT NOT NULL, key_check BLOB, seal BLOB) STRICT;
CREATE TABLE release (
    id INTEGER PRIMARY KEY, made TEXT NOT NULL, name TEXT NOT NULL, policy TEXT NOT NULL,
    request BLOB NOT NULL, content BLOB NOT NULL, chain BLOB NOT NULL) STRICT;
CREATE TABLE cell (
    release INTEGER NOT NULL REFERENCES release (id), constraints TEXT NOT NULL, identity BLOB NOT NULL,
    records INTEGER NOT NULL, patients INTEGER NOT NULL) STRICT;";

/// The one row about the ledger itself.
pub(super) struct About {
    pub(super) version: String,
    pub(super) register: String,
    /// By which the right key is told; `None` until a key was made.
    pub(super) key_check: Option<[u8; 32]>,
    /// Closes the chain of entries; `None` until a key was made.
    pub(super) seal: Option<[u8; 32]>,
}

/// One release as the file holds it.
pub(super) struct StoredRelease {
    pub(super) id: i64,
    pub(super) made: String,
    pub(super) name: String,
    pub(super) policy: String,
    pub(super) request: [u8; 32],
    pub(super) content: [u8; 32],
    pub(super) chain: [u8; 32],
    pub(super) cells: Vec<StoredCell>,
}

/// One published count as the file holds it.
pub(super) struct StoredCell {
    pub(super) constraints: String,
    pub(super) identity: [u8; 16],
    pub(super) records: i64,
    pub(super) patients: i64,
}

/// Begins a ledger. It is complete before it bears its name, so no crash leaves half of one; where another process was
/// faster, its ledger stays.
pub(super) fn begin(path: &Path, register: &str) -> Result<(), Error> {
    let failed = |error: std::io::Error| Error::file(path, &error);
    let wrong = |error: rusqlite::Error| trouble(path, &error);
    let draft = tempfile::NamedTempFile::new_in(folder_of(path)).map_err(failed)?.into_temp_path();
    let connection = Connection::open(&draft).map_err(wrong)?;
    let pragmas = format!("PRAGMA synchronous = EXTRA; PRAGMA application_id = {APPLICATION}; BEGIN;");
    connection.execute_batch(&pragmas).map_err(wrong)?;
    connection.execute_batch(TABLES).map_err(wrong)?;
    let insert = "INSERT INTO about (version, register) VALUES (?1, ?2)";
    connection.execute(insert, (VERSION, register)).map_err(wrong)?;
    connection.execute_batch("COMMIT").map_err(wrong)?;
    drop(connection);
    match draft.persist_noclobber(path) {
        Err(error) if error.error.kind() != ErrorKind::AlreadyExists => Err(failed(error.error)),
        _ => Ok(()),
    }
}

/// Opens a file that is there and checks that SQLite finds it sound and that it is a ledger of this version.
pub(super) fn open(path: &Path) -> Result<Connection, Error> {
    let wrong = |error: rusqlite::Error| trouble(path, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(wrong)?;
    connection.busy_timeout(PATIENCE).map_err(wrong)?;
    // EXTRA is FULL, and the folder is written through too when the journal goes: otherwise the journal could come back
    // after a power failure and undo a release that its maker has already seen.
    let pragmas = "PRAGMA synchronous = EXTRA; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;";
    connection.execute_batch(pragmas).map_err(wrong)?;
    let journal: String =
        connection.query_row("PRAGMA journal_mode = DELETE", (), |row| row.get(0)).map_err(wrong)?;
    let application: i32 =
        connection.query_row("PRAGMA application_id", (), |row| row.get(0)).map_err(wrong)?;
    let check: String = connection.query_row("PRAGMA quick_check(1)", (), |row| row.get(0)).map_err(wrong)?;
    if journal != "delete" || application != APPLICATION || check != "ok" {
        return Err(damaged(path));
    }
    let version: String =
        connection.query_row("SELECT version FROM about", (), |row| row.get(0)).map_err(wrong)?;
    if version != VERSION {
        let what = "was made by another version of this library; use that version";
        return Err(Error::ledger(what).in_file(path));
    }
    if layout(&connection).map_err(wrong)? != expected_layout().map_err(wrong)? {
        return Err(altered(path));
    }
    Ok(connection)
}

/// Every table, index, trigger and view with its definition: a trigger could forget what is entered.
fn layout(connection: &Connection) -> rusqlite::Result<Vec<(String, String, Option<String>)>> {
    let mut query = connection.prepare("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")?;
    let rows = query.query_map((), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.collect()
}

fn expected_layout() -> rusqlite::Result<Vec<(String, String, Option<String>)>> {
    let connection = Connection::open_in_memory()?;
    connection.execute_batch(TABLES)?;
    layout(&connection)
}

/// Reads the row about the ledger.
pub(super) fn about(connection: &Connection, path: &Path) -> Result<About, Error> {
    let wrong = |error: rusqlite::Error| trouble(path, &error);
    let mut query =
        connection.prepare("SELECT version, register, key_check, seal FROM about").map_err(wrong)?;
    // Exactly one row.
    query
        .query_one((), |row| {
            Ok(About {
                version: row.get(0)?,
                register: row.get(1)?,
                key_check: row.get(2)?,
                seal: row.get(3)?,
            })
        })
        .map_err(wrong)
}

/// Reads every release with its counts, oldest first.
pub(super) fn releases(connection: &Connection, path: &Path) -> Result<Vec<StoredRelease>, Error> {
    let wrong = |error: rusqlite::Error| trouble(path, &error);
    let mut cells = cells(connection).map_err(wrong)?;
    let mut query = connection
        .prepare("SELECT id, made, name, policy, request, content, chain FROM release ORDER BY id")
        .map_err(wrong)?;
    let rows = query
        .query_map((), |row| {
            let id: i64 = row.get(0)?;
            Ok(StoredRelease {
                id,
                made: row.get(1)?,
                name: row.get(2)?,
                policy: row.get(3)?,
                request: row.get(4)?,
                content: row.get(5)?,
                chain: row.get(6)?,
                cells: cells.remove(&id).unwrap_or_default(),
            })
        })
        .map_err(wrong)?;
    let releases = rows.collect::<rusqlite::Result<Vec<_>>>().map_err(wrong)?;
    if !cells.is_empty() {
        return Err(altered(path));
    }
    Ok(releases)
}

/// The counts of each release, in the order in which they were entered.
fn cells(connection: &Connection) -> rusqlite::Result<BTreeMap<i64, Vec<StoredCell>>> {
    let mut query = connection
        .prepare("SELECT release, constraints, identity, records, patients FROM cell ORDER BY rowid")?;
    let mut rows = query.query(())?;
    let mut cells: BTreeMap<i64, Vec<StoredCell>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        cells.entry(row.get(0)?).or_default().push(StoredCell {
            constraints: row.get(1)?,
            identity: row.get(2)?,
            records: row.get(3)?,
            patients: row.get(4)?,
        });
    }
    Ok(cells)
}

/// How many releases there are.
pub(super) fn count(connection: &Connection, path: &Path) -> Result<usize, Error> {
    let count: i64 = connection
        .query_row("SELECT count(*) FROM release", (), |row| row.get(0))
        .map_err(|error| trouble(path, &error))?;
    usize::try_from(count).map_err(|_| damaged(path))
}

/// The time of the entry that is being made, by the clock of SQLite, in UTC.
pub(super) fn now(connection: &Connection) -> rusqlite::Result<String> {
    connection.query_row("SELECT CURRENT_TIMESTAMP", (), |row| row.get(0))
}

/// Enters a release, its counts and the seal that closes the chain after it.
pub(super) fn append(
    connection: &Connection,
    release: &StoredRelease,
    seal: &[u8; 32],
) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT INTO release (id, made, name, policy, request, content, chain)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        (
            release.id,
            &release.made,
            &release.name,
            &release.policy,
            release.request.as_slice(),
            release.content.as_slice(),
            release.chain.as_slice(),
        ),
    )?;
    let mut insert = connection.prepare(
        "INSERT INTO cell (release, constraints, identity, records, patients) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for cell in &release.cells {
        let identity = cell.identity.as_slice();
        insert.execute((release.id, &cell.constraints, identity, cell.records, cell.patients))?;
    }
    connection.execute("UPDATE about SET seal = ?1", (seal.as_slice(),))?;
    Ok(())
}

/// Ties a ledger that was just begun to its key.
pub(super) fn set_key(connection: &Connection, check: &[u8; 32], seal: &[u8; 32]) -> rusqlite::Result<()> {
    let update = "UPDATE about SET key_check = ?1, seal = ?2";
    connection.execute(update, (check.as_slice(), seal.as_slice())).map(drop)
}

/// What an answer of SQLite means for the caller. Its own text is not passed on: it could quote what the file holds.
pub(super) fn trouble(path: &Path, error: &rusqlite::Error) -> Error {
    let what = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "another program holds it; try again",
        Some(
            ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::CannotOpen
            | ErrorCode::SystemIoFailure
            | ErrorCode::DiskFull,
        ) => "cannot be read or written; look after the disk and the rights to the file and its folder",
        _ => return damaged(path),
    };
    Error::ledger(what).in_file(path)
}

/// The file is not what SQLite or this library wrote.
pub(super) fn damaged(path: &Path) -> Error {
    Error::ledger("is no ledger, or is damaged; restore it from a copy").in_file(path)
}

/// The file is a sound database, but not what this library entered in it.
pub(super) fn altered(path: &Path) -> Error {
    Error::ledger("was changed by something else or is damaged; restore it from a copy").in_file(path)
}
