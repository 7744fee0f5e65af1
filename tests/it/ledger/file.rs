//! The file: two writers, a crash at any point, damage, tampering, keys.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use registat::{Table, count, dim};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use super::*;

fn persons() -> Vec<Person> {
    units(&[(ALTA, 3), (BODO, 17), (DOKKA, 29), (EGERSUND, 41), (FLORO, 53)])
}

fn by(variable: &str) -> Table {
    Table::new(variable).rows(dim(variable).total()).stat(count())
}

/// A ledger of two releases.
fn kept() -> Shelf {
    let shelf = Shelf::new();
    for variable in ["hospital", "sex"] {
        drop(publish(&persons(), &by(variable), &mut shelf.ledger(), variable).unwrap());
    }
    shelf
}

/// Everything that the file holds, row by row.
fn rows_of(path: &Path) -> Vec<String> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut rows = Vec::new();
    for table in ["about", "release", "cell"] {
        let mut query = connection.prepare(&format!("SELECT * FROM {table} ORDER BY rowid")).unwrap();
        let columns = query.column_count();
        let mut found = query.query(()).unwrap();
        while let Some(row) = found.next().unwrap() {
            let values: Vec<Value> = (0..columns).map(|column| row.get(column).unwrap()).collect();
            rows.push(format!("{table} {values:?}"));
        }
    }
    rows
}

/// Whether the ledger is accepted; then it has to hold every row that it held before.
#[track_caller]
fn is_accepted(shelf: &Shelf, rows: &[String]) -> bool {
    match Ledger::open(shelf.path(), REGISTER) {
        Ok(ledger) => {
            drop(ledger);
            assert_eq!(rows_of(&shelf.path()), rows, "accepted, but not as it was");
            true
        }
        Err(error) => {
            assert!(error.is_ledger() && !error.is_refusal(), "{error}");
            assert!(error.file_name().is_some_and(|file| file.contains("ledger.sqlite")), "{error}");
            false
        }
    }
}

/// Another shelf with this ledger, its key, and perhaps a journal that a crash left.
fn shelf_with(ledger: &[u8], key: &[u8], journal: Option<&[u8]>) -> Shelf {
    let shelf = Shelf::new();
    fs::write(shelf.path(), ledger).unwrap();
    fs::write(shelf.key(), key).unwrap();
    if let Some(journal) = journal {
        fs::write(shelf.journal(), journal).unwrap();
    }
    shelf
}

#[test]
fn a_ledger_cut_off_anywhere_is_refused() {
    let shelf = kept();
    let (bytes, key, rows) =
        (fs::read(shelf.path()).unwrap(), fs::read(shelf.key()).unwrap(), rows_of(&shelf.path()));
    for length in (0..bytes.len()).step_by(97) {
        assert!(!is_accepted(&shelf_with(&bytes[..length], &key, None), &rows), "{length} bytes");
    }
    assert!(is_accepted(&shelf_with(&bytes, &key, None), &rows), "all bytes");
}

#[test]
fn a_flipped_bit_is_found_or_changes_nothing() {
    let shelf = kept();
    let (bytes, key, rows) =
        (fs::read(shelf.path()).unwrap(), fs::read(shelf.key()).unwrap(), rows_of(&shelf.path()));
    let [mut accepted, mut refused] = [0, 0];
    for place in (0..100).chain((100..bytes.len()).step_by(13)) {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1 << (place % 8);
        if is_accepted(&shelf_with(&flipped, &key, None), &rows) {
            accepted += 1;
        } else {
            refused += 1;
        }
    }
    assert!(accepted > 0, "pages have unused bytes");
    assert!(refused > 100, "and used ones: {refused}");
    for place in 0..key.len() {
        let mut flipped = key.clone();
        flipped[place] ^= 1 << (place % 8);
        assert!(!is_accepted(&shelf_with(&bytes, &flipped, None), &rows), "bit of the key");
    }
}

/// Begins to enter a release that is larger than the cache, so that the file itself is half written, without an end.
fn enter_much(connection: &Connection, mut now_and_then: impl FnMut()) {
    connection.execute_batch("PRAGMA cache_size = 5; BEGIN IMMEDIATE").unwrap();
    let release = "INSERT INTO release
                   SELECT 99, made, name, policy, request, content, chain FROM release LIMIT 1";
    connection.execute_batch(release).unwrap();
    for round in 0..200 {
        let more = "INSERT INTO cell SELECT 99, constraints, identity, records, patients FROM cell LIMIT 8";
        connection.execute_batch(more).unwrap();
        if round % 40 == 39 {
            now_and_then();
        }
    }
}

#[test]
fn a_crash_while_a_release_is_entered_leaves_the_ledger_as_it_was() {
    let shelf = kept();
    let (bytes, key, rows) =
        (fs::read(shelf.path()).unwrap(), fs::read(shelf.key()).unwrap(), rows_of(&shelf.path()));
    let mut moments = Vec::new();
    let connection = Connection::open(shelf.path()).unwrap();
    enter_much(&connection, || {
        moments.push((fs::read(shelf.path()).unwrap(), fs::read(shelf.journal()).unwrap()));
    });
    drop(connection);
    assert!(moments.iter().any(|(ledger, _)| *ledger != bytes), "the file was half written");
    for (ledger, journal) in &moments {
        let crashed = shelf_with(ledger, &key, Some(journal));
        assert!(is_accepted(&crashed, &rows), "the journal undoes what was half done");
        // Somebody tidied up, or the disk lost part of it: then at least nothing is missed silently.
        is_accepted(&shelf_with(ledger, &key, None), &rows);
        for length in [1, 27, 511, journal.len() / 3, journal.len() / 2] {
            let part = &journal[..length.min(journal.len())];
            is_accepted(&shelf_with(ledger, &key, Some(part)), &rows);
        }
    }
    assert!(is_accepted(&shelf, &rows), "dropped without an end, it is rolled back");
}

/// What a process of its own is told by.
const TASK: &str = "REGISTAT_TEST_LEDGER_TASK";
const LEDGER: &str = "REGISTAT_TEST_LEDGER_FILE";

/// The test below, alone in a process of its own.
fn process(task: &str, shelf: &Shelf) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "ledger::file::what_a_process_of_its_own_does"]);
    command.env(TASK, task).env(LEDGER, shelf.path()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Does nothing unless it is told to by another test, through `process`.
#[test]
fn what_a_process_of_its_own_does() {
    let (Ok(task), Some(path)) = (std::env::var(TASK), std::env::var_os(LEDGER)) else { return };
    if task == "crash" {
        let connection = Connection::open(path).unwrap();
        enter_much(&connection, || ());
        std::process::abort();
    }
    let mut ledger = Ledger::open(&path, REGISTER).unwrap();
    let release = publish(&persons(), &by(&task), &mut ledger, &task).unwrap();
    let earlier = release.audit().earlier_releases().unwrap();
    fs::write(Path::new(&path).with_file_name(format!("{task}.earlier")), earlier.to_string()).unwrap();
}

#[test]
fn a_process_that_dies_while_it_enters_a_release_leaves_the_ledger_as_it_was() {
    let shelf = kept();
    let (bytes, rows) = (fs::read(shelf.path()).unwrap(), rows_of(&shelf.path()));
    let output = process("crash", &shelf).output().unwrap();
    assert!(!output.status.success());
    assert!(shelf.journal().exists(), "it died in the middle");
    assert_ne!(fs::read(shelf.path()).unwrap(), bytes);
    assert!(is_accepted(&shelf, &rows));
    drop(publish(&persons(), &by("education"), &mut shelf.ledger(), "after").unwrap());
    assert_eq!(shelf.ledger().releases().unwrap(), 3);
}

#[test]
fn two_processes_that_append_at_once_see_each_other() {
    let shelf = Shelf::new();
    let variables = ["hospital", "sex", "education"];
    let running: Vec<_> =
        variables.iter().map(|variable| process(variable, &shelf).spawn().unwrap()).collect();
    for mut child in running {
        assert!(child.wait().unwrap().success());
    }
    let earlier = |variable: &&str| {
        let file = shelf.path().with_file_name(format!("{variable}.earlier"));
        fs::read_to_string(file).unwrap().parse::<usize>().unwrap()
    };
    assert_eq!(variables.iter().map(earlier).collect::<BTreeSet<_>>(), BTreeSet::from([0, 1, 2]));
    assert_eq!(shelf.ledger().releases().unwrap(), 3);
}

#[test]
fn two_threads_that_begin_and_append_at_once_see_each_other() {
    let shelf = Shelf::new();
    let threads = ["hospital", "sex", "education", "working"].map(|variable| {
        let path = shelf.path();
        std::thread::spawn(move || {
            let mut ledger = Ledger::open(path, REGISTER).unwrap();
            let release = publish(&persons(), &by(variable), &mut ledger, variable).unwrap();
            release.audit().earlier_releases().unwrap()
        })
    });
    let earlier: BTreeSet<usize> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(earlier, BTreeSet::from([0, 1, 2, 3]), "one after the other");
    assert_eq!(shelf.ledger().releases().unwrap(), 4);
}

/// What someone might do to the file with the tools of SQLite.
const TAMPERING: [&str; 15] = [
    "UPDATE cell SET records = records + 1 WHERE rowid = 1",
    "UPDATE cell SET patients = patients + 1 WHERE rowid = 1",
    "UPDATE cell SET release = 1",
    "UPDATE cell SET constraints = constraints || ' ' WHERE rowid = 1",
    "DELETE FROM cell WHERE rowid = (SELECT max(rowid) FROM cell)",
    "DELETE FROM cell; DELETE FROM release",
    "DELETE FROM cell WHERE release = 2; DELETE FROM release WHERE id = 2",
    "DELETE FROM cell WHERE release = 1; DELETE FROM release WHERE id = 1",
    "UPDATE release SET name = 'x' WHERE id = 1",
    "UPDATE release SET made = '1999-01-01 00:00:00' WHERE id = 2",
    "UPDATE release SET id = 3 WHERE id = 2; UPDATE cell SET release = 3 WHERE release = 2",
    "INSERT INTO release SELECT 3, made, name, policy, request, content, chain FROM release WHERE id = 2",
    "UPDATE about SET seal = (SELECT chain FROM release WHERE id = 2)",
    "UPDATE about SET key_check = NULL, seal = NULL",
    "CREATE TRIGGER forget AFTER INSERT ON cell BEGIN DELETE FROM cell WHERE release = new.release; END",
];

fn tamper(shelf: &Shelf, what: &str) {
    let connection = Connection::open(shelf.path()).unwrap();
    connection.execute_batch(&format!("PRAGMA foreign_keys = OFF; {what}")).unwrap();
}

#[test]
fn what_was_changed_with_other_tools_is_refused() {
    let shelf = kept();
    let (bytes, key, rows) =
        (fs::read(shelf.path()).unwrap(), fs::read(shelf.key()).unwrap(), rows_of(&shelf.path()));
    for what in TAMPERING {
        let changed = shelf_with(&bytes, &key, None);
        tamper(&changed, what);
        assert!(!is_accepted(&changed, &rows), "{what}");
    }
    let looked_at = shelf_with(&bytes, &key, None);
    tamper(&looked_at, "SELECT * FROM cell");
    assert!(is_accepted(&looked_at, &rows), "looking does no harm");
}

#[test]
fn what_is_changed_behind_an_open_ledger_is_found_before_anything_is_released() {
    let shelf = kept();
    let mut ledger = shelf.ledger();
    tamper(&shelf, "DELETE FROM cell WHERE release = 2; DELETE FROM release WHERE id = 2");
    let error = publish(&persons(), &by("education"), &mut ledger, "third").unwrap_err();
    assert!(error.is_ledger(), "{error}");
}

#[test]
fn the_key_of_another_ledger_is_recognised() {
    let (shelf, other) = (kept(), kept());
    fs::copy(other.key(), shelf.key()).unwrap();
    let error = Ledger::open(shelf.path(), REGISTER).unwrap_err();
    assert!(error.is_ledger() && error.to_string().contains("another ledger"), "{error}");
    assert!(error.file_name().is_some_and(|file| file.ends_with(".key")), "{error}");
}

#[test]
fn a_ledger_of_another_register_is_refused_and_stays_what_it_is() {
    let shelf = kept();
    let rows = rows_of(&shelf.path());
    let error = Ledger::open(shelf.path(), "another").unwrap_err();
    assert!(error.is_ledger() && error.to_string().contains("another register"), "{error}");
    assert!(is_accepted(&shelf, &rows));
}

#[test]
fn a_ledger_that_is_gone_is_not_begun_anew_under_its_key() {
    let shelf = kept();
    fs::remove_file(shelf.path()).unwrap();
    let error = Ledger::open(shelf.path(), REGISTER).unwrap_err();
    assert!(error.is_ledger() && error.to_string().contains("gone"), "{error}");
    assert!(!shelf.path().exists());
}

#[test]
fn a_crash_between_ledger_and_key_is_made_good() {
    for key_was_made in [true, false] {
        let shelf = Shelf::new();
        drop(shelf.ledger());
        tamper(&shelf, "UPDATE about SET key_check = NULL, seal = NULL");
        if !key_was_made {
            fs::remove_file(shelf.key()).unwrap();
        }
        drop(publish(&persons(), &by("sex"), &mut shelf.ledger(), "first").unwrap());
        assert_eq!(shelf.ledger().releases().unwrap(), 1);
    }
}

#[cfg(unix)]
#[test]
fn ledger_and_key_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;

    let shelf = kept();
    for path in [shelf.path(), shelf.key()] {
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
    }
    let entries = fs::read_dir(shelf.folder.path()).unwrap();
    let names: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    assert_eq!(names.len(), 2, "nothing is left over: {names:?}");
}

#[test]
fn the_file_holds_no_patient_and_no_key() {
    let shelf = kept();
    let (bytes, key) = (fs::read(shelf.path()).unwrap(), fs::read(shelf.key()).unwrap());
    let holds = |what: &[u8]| bytes.windows(what.len()).any(|window| window == what);
    assert!(holds(b"hospital"), "what is there is found");
    assert!(!holds(&key));
    let rows = rows_of(&shelf.path());
    for secret in ["p10", "c10", "Alta"] {
        assert!(!rows.iter().any(|row| row.contains(secret)), "{secret}");
    }
    // Three patients of the first unit: hidden, so in no row.
    let connection = Connection::open(shelf.path()).unwrap();
    let small: i64 = connection
        .query_row("SELECT count(*) FROM cell WHERE records BETWEEN 1 AND 4", (), |row| row.get(0))
        .unwrap();
    assert_eq!(small, 0);
}
