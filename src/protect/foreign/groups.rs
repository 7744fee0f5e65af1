//! What a two-way table says of everyone in a group.

use std::fmt;

/// A group of which everyone, or everyone but a few who know each other, has one attribute.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AttributeDisclosure {
    /// The group, by its row.
    pub row: usize,
    /// The attribute, by its column.
    pub column: usize,
}

/// Only the type's name: which attribute a whole group has may be confidential.
impl fmt::Debug for AttributeDisclosure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AttributeDisclosure(..)")
    }
}

/// Rows in which everyone has the same attribute: whoever is known to belong to the group is known to have it (SDC Handbook,
/// section 5.2, group attribute disclosure). Each row holds the counts of one group by attribute, without a total.
///
/// ```
/// let table = [vec![6, 0], vec![5, 1], vec![2, 2]];
/// let found = registat::group_disclosure(&table);
/// assert!(found.len() == 1 && found.iter().all(|one| one.row == 0 && one.column == 0));
/// ```
pub fn group_disclosure(table: &[Vec<u64>]) -> Vec<AttributeDisclosure> {
    leaving_others(table, |others| others == 0)
}

/// Rows in which everyone but 1 to `k` members has the same attribute: these know it of all the others (SDC Handbook,
/// section 5.2, within-group disclosure; `k` is how many may put together what they know of themselves).
///
/// ```
/// let table = [vec![6, 0], vec![5, 1], vec![2, 2]];
/// let found = registat::within_group_disclosure(&table, 1);
/// assert!(found.len() == 1 && found.iter().all(|one| one.row == 1 && one.column == 0));
/// ```
pub fn within_group_disclosure(table: &[Vec<u64>], k: u64) -> Vec<AttributeDisclosure> {
    leaving_others(table, |others| (1..=u128::from(k)).contains(&others))
}

fn leaving_others(table: &[Vec<u64>], is_disclosed: impl Fn(u128) -> bool) -> Vec<AttributeDisclosure> {
    let mut found = Vec::new();
    for (row, counts) in table.iter().enumerate() {
        let total: u128 = counts.iter().map(|count| u128::from(*count)).sum();
        for (column, count) in counts.iter().enumerate() {
            if *count > 0 && is_disclosed(total - u128::from(*count)) {
                found.push(AttributeDisclosure { row, column });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_group_discloses_nothing_and_two_know_each_other() {
        let table = [vec![0, 0], vec![1, 1], vec![4, 2]];
        assert!(group_disclosure(&table).is_empty());
        let pairs: Vec<(usize, usize)> =
            within_group_disclosure(&table, 1).iter().map(|one| (one.row, one.column)).collect();
        assert_eq!(pairs, [(1, 0), (1, 1)]);
        assert_eq!(within_group_disclosure(&table, 2).len(), 3);
        assert!(within_group_disclosure(&table, 0).is_empty());
    }
}
