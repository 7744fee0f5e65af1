//! Counts of forms: due, sent, answered; complete pairs and triples; items left out.

use std::fmt;

use crate::error::Error;
use crate::stats::Proportion;

/// How far the form of one course at one time came. Each stage includes the ones before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormStage {
    /// Due, not sent.
    Eligible,
    /// Sent, not answered.
    Sent,
    /// Answered.
    Answered,
}

/// How many courses were to answer, were asked and answered at each of some times, and at how many of them at once. Any
/// order of adding and merging gives the same counts. The `Debug` form hides them.
///
/// ```
/// use registat::{Completeness, FormStage::{Answered, Eligible, Sent}};
///
/// // The visit, six and twelve months.
/// let mut forms = Completeness::new(3);
/// forms.add(&[Answered, Answered, Sent])?;
/// forms.add(&[Answered, Answered, Answered])?;
/// forms.add(&[Answered, Eligible, Answered])?;
/// assert_eq!((forms.eligible(), forms.sent(1), forms.answered(1)), (3, 2, 2));
/// assert_eq!(forms.complete(&[0, 1]), 2);
/// assert_eq!(forms.complete(&[0, 1, 2]), 1);
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Completeness {
    times: usize,
    /// By the set of times answered (bits) and the set of times sent.
    counts: std::collections::BTreeMap<(u32, u32), u64>,
}

impl Completeness {
    /// No courses yet, each with forms at so many times, at most 32.
    pub fn new(times: usize) -> Completeness {
        Completeness { times: times.min(32), counts: std::collections::BTreeMap::new() }
    }

    /// Adds a course by the stage of its form at each time.
    ///
    /// # Errors
    ///
    /// If there is not one stage for each time.
    pub fn add(&mut self, stages: &[FormStage]) -> Result<(), Error> {
        if stages.len() != self.times {
            return Err(Error::stats("a course has one stage for each time"));
        }
        let bits = |at_least: FormStage| {
            let reached = stages.iter().enumerate().filter(|(_, stage)| **stage >= at_least);
            reached.fold(0, |bits, (time, _)| bits | 1 << time)
        };
        *self.counts.entry((bits(FormStage::Answered), bits(FormStage::Sent))).or_default() += 1;
        Ok(())
    }

    /// Adds other courses.
    ///
    /// # Errors
    ///
    /// If they have forms at another number of times; nothing is added then.
    pub fn merge(&mut self, other: &Completeness) -> Result<(), Error> {
        if self.times != other.times {
            return Err(Error::stats("the courses have forms at different numbers of times"));
        }
        for (key, count) in &other.counts {
            *self.counts.entry(*key).or_default() += count;
        }
        Ok(())
    }

    /// Courses in all.
    pub fn eligible(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Courses whose form of a time was sent; an answered one was.
    pub fn sent(&self, time: usize) -> u64 {
        self.count(|_, sent| has(sent, time))
    }

    /// Courses whose form of a time was answered.
    pub fn answered(&self, time: usize) -> u64 {
        self.count(|answered, _| has(answered, time))
    }

    /// Courses answered at every one of these times: complete pairs, complete triples.
    pub fn complete(&self, times: &[usize]) -> u64 {
        self.count(|answered, _| times.iter().all(|time| has(answered, *time)))
    }

    /// Answered among all, for a share with its interval.
    ///
    /// # Errors
    ///
    /// None that counts of courses could cause.
    pub fn response(&self, time: usize) -> Result<Proportion, Error> {
        Proportion::new(self.answered(time), self.eligible())
    }

    fn count(&self, holds: impl Fn(u32, u32) -> bool) -> u64 {
        self.counts
            .iter()
            .filter(|((answered, sent), _)| holds(*answered, *sent))
            .map(|(_, count)| count)
            .sum()
    }
}

fn has(bits: u32, time: usize) -> bool {
    u32::try_from(time).ok().and_then(|time| bits.checked_shr(time)).is_some_and(|bits| bits & 1 == 1)
}

/// How often each item of a questionnaire was left out on answered forms. The `Debug` form hides the counts.
#[derive(Clone, PartialEq, Eq)]
pub struct ItemCompleteness {
    forms: u64,
    complete: u64,
    missing: Vec<u64>,
}

impl ItemCompleteness {
    /// No forms yet, each with so many items.
    pub fn new(items: usize) -> ItemCompleteness {
        ItemCompleteness { forms: 0, complete: 0, missing: vec![0; items] }
    }

    /// Adds a form by whether each item was answered.
    ///
    /// # Errors
    ///
    /// If it has another number of items.
    pub fn add(&mut self, answered: &[bool]) -> Result<(), Error> {
        if answered.len() != self.missing.len() {
            return Err(Error::stats("a form has another number of items"));
        }
        self.forms += 1;
        self.complete += u64::from(answered.iter().all(|answered| *answered));
        for (missing, answered) in self.missing.iter_mut().zip(answered) {
            *missing += u64::from(!answered);
        }
        Ok(())
    }

    /// Adds other forms.
    ///
    /// # Errors
    ///
    /// If they have another number of items; nothing is added then.
    pub fn merge(&mut self, other: &ItemCompleteness) -> Result<(), Error> {
        if self.missing.len() != other.missing.len() {
            return Err(Error::stats("the forms have different numbers of items"));
        }
        self.forms += other.forms;
        self.complete += other.complete;
        self.missing.iter_mut().zip(&other.missing).for_each(|(missing, more)| *missing += more);
        Ok(())
    }

    /// Forms in all.
    pub fn forms(&self) -> u64 {
        self.forms
    }

    /// Forms with every item answered.
    pub fn complete(&self) -> u64 {
        self.complete
    }

    /// Forms on which an item, from 0, was left out.
    pub fn missing(&self, item: usize) -> Option<u64> {
        self.missing.get(item).copied()
    }
}

impl fmt::Debug for Completeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Completeness(..)")
    }
}

impl fmt::Debug for ItemCompleteness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ItemCompleteness(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_nested_and_merging_adds() {
        use FormStage::{Answered, Eligible, Sent};
        let stages = [Eligible, Sent, Answered];
        let (mut all, mut parts) = (Completeness::new(2), Completeness::new(2));
        for first in stages {
            let mut part = Completeness::new(2);
            for second in stages {
                all.add(&[first, second]).unwrap();
                part.add(&[first, second]).unwrap();
            }
            parts.merge(&part).unwrap();
        }
        assert!(all == parts);
        assert_eq!((all.eligible(), all.sent(0), all.answered(0), all.complete(&[0, 1])), (9, 6, 3, 1));
        assert_eq!((all.answered(2), all.answered(99), all.complete(&[])), (0, 0, 9));
        assert!(all.add(&[Sent]).is_err() && all.merge(&Completeness::new(3)).is_err());
        assert!(all.response(0).unwrap().share().is_some_and(|share| (share - 1.0 / 3.0).abs() < 1e-15));
    }

    #[test]
    fn items_are_counted_one_by_one() {
        let mut items = ItemCompleteness::new(2);
        items.add(&[true, false]).unwrap();
        items.add(&[true, true]).unwrap();
        assert!(items.add(&[true]).is_err() && items.merge(&ItemCompleteness::new(3)).is_err());
        let once = items.clone();
        items.merge(&once).unwrap();
        assert_eq!(
            (items.forms(), items.complete(), items.missing(0), items.missing(1)),
            (4, 2, Some(0), Some(2))
        );
        assert_eq!(items.missing(2), None);
    }
}
