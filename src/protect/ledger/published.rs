//! What the ledger remembers of a release, and how a count of today stands to an earlier one of the same group.

use crate::cube::Constraints;

/// One published count.
pub(in crate::protect) struct PublishedCell {
    pub(in crate::protect) constraints: Constraints,
    pub(in crate::protect) identity: u128,
    pub(in crate::protect) records: u64,
    /// Patients behind the records; `None` of a count that no release printed, since patients do not add up.
    pub(in crate::protect) patients: Option<u64>,
    /// The name of its release.
    pub(in crate::protect) release: String,
    /// The number of its release in the ledger: all counts of one release speak of the register at one moment.
    pub(in crate::protect) number: i64,
}

/// What is appended for a release.
pub(in crate::protect) struct Entry<'e> {
    pub(in crate::protect) name: &'e str,
    pub(in crate::protect) policy: &'e str,
    pub(in crate::protect) request: [u8; 32],
    pub(in crate::protect) content: [u8; 32],
    pub(in crate::protect) cells: Vec<PublishedCell>,
}

impl PublishedCell {
    /// Whether this count and today's of the same group, of which records came or went since, speak of a few patients.
    ///
    /// A reader who has both numbers has their difference: the records that came less those that went. Let `c` patients have
    /// come and `w` gone. The records of those who went are no longer in the register, and the ledger keeps no patients, so
    /// `c` and `w` are unknown here as well; what is known is the change of the number of patients, and `|c - w|` is never
    /// more than the larger of the two. So if the number of patients changed by the threshold or more, at least that many
    /// patients came or went, and no difference speaks of fewer. If it changed by less, or the number of records did, the
    /// change may be one late form, or many courses of one patient; then today's count must not be worked out. Nor when
    /// nothing changed on balance: records that were exchanged would show in the group's mean.
    ///
    /// Stricter than need be where many patients came back for a second course; never too lax.
    pub(in crate::protect) fn differs_by_few(&self, records: u64, patients: u64, threshold: u64) -> bool {
        let few_patients = self.patients.is_some_and(|before| patients.abs_diff(before) < threshold);
        few_patients || records.abs_diff(self.records) < threshold
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(records: u64, patients: Option<u64>) -> PublishedCell {
        let constraints = Constraints::default();
        PublishedCell { constraints, identity: 1, records, patients, release: "a".to_owned(), number: 1 }
    }

    #[test]
    fn late_forms_of_few_patients_are_few_however_many_courses_they_have() {
        let before = published(40, Some(40));
        assert!(before.differs_by_few(41, 41, 5));
        assert!(before.differs_by_few(44, 44, 5));
        assert!(!before.differs_by_few(45, 45, 5));
        assert!(!before.differs_by_few(35, 35, 5));
        assert!(before.differs_by_few(46, 41, 5), "six courses of one patient");
        assert!(before.differs_by_few(40, 40, 5), "one came and one went");
    }

    #[test]
    fn of_a_count_that_follows_from_others_only_records_are_compared() {
        let before = published(40, None);
        assert!(before.differs_by_few(44, 10, 5));
        assert!(!before.differs_by_few(45, 10, 5));
    }
}
