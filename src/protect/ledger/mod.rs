//! `Ledger`: everything printed so far, in one SQLite file.
//!
//! `store` reads and writes the file, `chain` proves that it is whole, `key` is what proofs and record sets are keyed by,
//! `session` is the one release that is being made, `published` compares a count with an earlier one of the same group, and
//! `implied` finds what earlier releases tell without having printed it.

mod chain;
mod implied;
mod key;
mod published;
mod session;
mod store;

use std::fmt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, TransactionBehavior};

use self::key::Key;
use crate::error::Error;

pub(super) use self::implied::implied_counts;
pub(super) use self::published::{Entry, PublishedCell};
pub(super) use self::session::Session;

/// What earlier releases printed, so that the next one cannot be held against them.
///
/// The file holds published counts and the definitions of their groups, how many patients stand behind each, and a keyed
/// hash of its records to tell whether the group is still the same one; never microdata. The key stands in a file of its own
/// beside it (`.key`, readable by its owner only), without which the hashes mean nothing. Keep both; give out neither.
///
/// A release is appended in one transaction, which the disk has confirmed before the maker gets to see it. Two processes that
/// protect at once wait for each other. A crash at any point leaves the ledger as it was before.
///
/// Every entry is chained to the one before it by a keyed hash, and the last one is sealed. Whoever lacks the key can neither
/// change, drop nor add an entry without the ledger being refused from then on. What no file can tell of itself is that an
/// older whole copy of ledger and key was put in its place; keep copies where only the register can write.
///
/// ```
/// use registat::Ledger;
///
/// let folder = tempfile::tempdir()?;
/// let ledger = Ledger::open(folder.path().join("ledger.sqlite"), "nnrr")?;
/// assert_eq!(ledger.releases()?, 0);
/// drop(ledger);
/// let another = Ledger::open(folder.path().join("ledger.sqlite"), "another register");
/// assert!(another.is_err_and(|error| error.is_ledger()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Ledger {
    connection: Connection,
    path: PathBuf,
    key: Key,
}

impl Ledger {
    /// Opens a ledger, or begins one for a register where there is neither ledger nor key.
    ///
    /// # Errors
    /// When the file is no ledger, is damaged, was changed by something else, was made by another version or for another
    /// register; when its key is gone, damaged or another ledger's; when the key is there and the ledger is gone; and when
    /// another program holds it for longer than a minute.
    pub fn open(path: impl AsRef<Path>, register: &str) -> Result<Self, Error> {
        let path = path.as_ref();
        let key_path = key_path(path);
        // Asked in this order: a ledger is there before its key, so a key without a ledger has lost it, even while another
        // process is just beginning one.
        let has_key = exists(&key_path)?;
        if !exists(path)? {
            if has_key {
                let what = "is gone but not its key; restore it from a copy, or remove the key to begin anew";
                return Err(Error::ledger(what).in_file(path));
            }
            let folder = folder_of(path);
            std::fs::create_dir_all(folder).map_err(|error| Error::file(folder, &error))?;
            store::begin(path, register)?;
        }
        let mut connection = store::open(path)?;
        if store::about(&connection, path)?.register != register {
            return Err(Error::ledger("belongs to another register").in_file(path));
        }
        let key = key_of(&mut connection, path, &key_path)?;
        let ledger = Self { connection, path: path.to_owned(), key };
        ledger.check()?;
        Ok(ledger)
    }

    /// How many releases the ledger holds.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn releases(&self) -> Result<usize, Error> {
        store::count(&self.connection, &self.path)
    }

    /// The key of the identities of record sets.
    pub(super) fn key(&self) -> [u8; 32] {
        self.key.of_record_sets()
    }

    /// Locks the ledger for one release: nobody else appends until it is committed or dropped.
    pub(super) fn session(&mut self) -> Result<Session<'_>, Error> {
        let Self { connection, path, key } = self;
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| store::trouble(path, &error))?;
        Session::begin(transaction, path, key)
    }

    /// Reads everything once, in one transaction, so that a damaged ledger is told when it is opened.
    fn check(&self) -> Result<(), Error> {
        let wrong = |error: rusqlite::Error| store::trouble(&self.path, &error);
        let transaction = self.connection.unchecked_transaction().map_err(wrong)?;
        chain::read_whole(&transaction, &self.path, &self.key).map(drop)
    }
}

/// The ledger's key; made where the ledger was begun and nothing has been entered yet.
fn key_of(connection: &mut Connection, path: &Path, key_path: &Path) -> Result<Key, Error> {
    let wrong = |error: rusqlite::Error| store::trouble(path, &error);
    if store::about(connection, path)?.key_check.is_none() {
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(wrong)?;
        let about = store::about(&transaction, path)?;
        // Another process may have been first: then its key is the ledger's.
        if about.key_check.is_none() {
            if !store::releases(&transaction, path)?.is_empty() {
                return Err(store::altered(path));
            }
            let key = Key::read_or_make(key_path)?;
            let seal = chain::seal(&key, &about, &[]);
            store::set_key(&transaction, &key.check_value(), &seal).map_err(wrong)?;
            transaction.commit().map_err(wrong)?;
        }
    }
    let key = Key::read(key_path)?;
    if store::about(connection, path)?.key_check != Some(key.check_value()) {
        let what = "is the key of another ledger, or one of the two is damaged; restore both from a copy";
        return Err(Error::ledger(what).in_file(key_path));
    }
    Ok(key)
}

fn key_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

fn exists(path: &Path) -> Result<bool, Error> {
    path.try_exists().map_err(|error| Error::file(path, &error))
}

/// The folder that a file stands in; a bare name stands in the current one.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Only the type's name: what is inside is confidential.
impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ledger(..)")
    }
}
