//! Counts of forms: due, sent, answered; complete pairs and triples; items left out.

use std::collections::BTreeMap;
use std::fmt;

use crate::error::Error;
use crate::stats::Proportion;

/// Times that the counts have room for.
const MOST_TIMES: usize = 32;

/// How far the form of one course at one time came. Each stage includes the ones before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FormStage {
    /// Not due: the course is too recent, or the patient is not to be asked.
    NotDue,
    /// Due, not sent.
    Eligible,
    /// Sent, not answered.
    Sent,
    /// Answered.
    Answered,
}

/// The times, as bits, at which the form of a course came at least so far.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Reached {
    eligible: u32,
    sent: u32,
    answered: u32,
}

/// How many courses were to answer, were asked and answered at each of some times, and at how many of them at once. Any
/// order of adding and merging gives the same counts, and at each time `eligible >= sent >= answered`. The `Debug` form
/// hides them.
///
/// Times are numbered from 0. The counts of a time that does not exist are `None`.
///
/// ```
/// use registat::{Completeness, FormStage::{Answered, Eligible, NotDue, Sent}};
///
/// // The visit, six and twelve months.
/// let mut forms = Completeness::new(3)?;
/// forms.add(&[Answered, Answered, Sent])?;
/// forms.add(&[Answered, Answered, Answered])?;
/// forms.add(&[Answered, Eligible, Answered])?;
/// forms.add(&[Answered, Answered, NotDue])?;
/// assert_eq!((forms.eligible(1), forms.sent(1), forms.answered(1)), (Some(4), Some(3), Some(3)));
/// assert_eq!((forms.eligible(2), forms.answered(2)), (Some(3), Some(2)));
/// assert_eq!((forms.eligible_at_all(&[0, 1, 2]), forms.complete(&[0, 1, 2])), (Some(3), Some(1)));
/// # Ok::<(), registat::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Completeness {
    times: usize,
    counts: BTreeMap<Reached, u64>,
}

impl Completeness {
    /// No courses yet, each with forms at so many times.
    ///
    /// # Errors
    ///
    /// If there are no times, or more than 32.
    pub fn new(times: usize) -> Result<Completeness, Error> {
        if !(1..=MOST_TIMES).contains(&times) {
            return Err(Error::stats("a course has forms at one time to 32 times"));
        }
        Ok(Completeness { times, counts: BTreeMap::new() })
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
        let reached = Reached {
            eligible: bits(FormStage::Eligible),
            sent: bits(FormStage::Sent),
            answered: bits(FormStage::Answered),
        };
        *self.counts.entry(reached).or_default() += 1;
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

    /// Courses in all, due or not.
    pub fn courses(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Courses whose form of a time was due.
    pub fn eligible(&self, time: usize) -> Option<u64> {
        self.eligible_at_all(&[time])
    }

    /// Courses whose form of a time was sent; an answered one was.
    pub fn sent(&self, time: usize) -> Option<u64> {
        self.count(&[time], |reached| reached.sent)
    }

    /// Courses whose form of a time was answered.
    pub fn answered(&self, time: usize) -> Option<u64> {
        self.complete(&[time])
    }

    /// Courses whose forms of all these times were due: what pairs and triples are counted among. All courses where no time
    /// is named.
    pub fn eligible_at_all(&self, times: &[usize]) -> Option<u64> {
        self.count(times, |reached| reached.eligible)
    }

    /// Courses answered at every one of these times: complete pairs, complete triples. All courses where no time is named.
    pub fn complete(&self, times: &[usize]) -> Option<u64> {
        self.count(times, |reached| reached.answered)
    }

    /// Answered at all these times among those due at all of them, for a share with its interval.
    ///
    /// # Errors
    ///
    /// If a time does not exist.
    pub fn response(&self, times: &[usize]) -> Result<Proportion, Error> {
        let counts = self.complete(times).zip(self.eligible_at_all(times));
        let (answered, eligible) =
            counts.ok_or_else(|| Error::stats("the courses have no form at one of these times"))?;
        Proportion::new(answered, eligible)
    }

    /// Courses with the bits of all these times; `None` if a time does not exist.
    fn count(&self, times: &[usize], bits: impl Fn(&Reached) -> u32) -> Option<u64> {
        if times.iter().any(|time| *time >= self.times) {
            return None;
        }
        let wanted = times.iter().fold(0, |wanted, time| wanted | 1 << time);
        let has_all = |reached: &Reached| bits(reached) & wanted == wanted;
        Some(self.counts.iter().filter(|(reached, _)| has_all(reached)).map(|(_, count)| count).sum())
    }
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
        use FormStage::{Answered, Eligible, NotDue, Sent};
        let stages = [NotDue, Eligible, Sent, Answered];
        let (mut all, mut parts) = (Completeness::new(2).unwrap(), Completeness::new(2).unwrap());
        for first in stages {
            let mut part = Completeness::new(2).unwrap();
            for second in stages {
                all.add(&[first, second]).unwrap();
                part.add(&[first, second]).unwrap();
            }
            parts.merge(&part).unwrap();
        }
        assert!(all == parts);
        assert_eq!(
            (all.courses(), all.eligible(0), all.sent(0), all.answered(0)),
            (16, Some(12), Some(8), Some(4))
        );
        assert_eq!((all.eligible_at_all(&[0, 1]), all.complete(&[1, 0])), (Some(9), Some(1)));
        assert!(all.response(&[0]).unwrap().share().is_some_and(|share| (share - 1.0 / 3.0).abs() < 1e-15));
    }

    #[test]
    fn times_that_do_not_exist_have_no_counts() {
        let mut forms = Completeness::new(2).unwrap();
        assert!(forms.add(&[FormStage::Sent]).is_err());
        assert!(forms.merge(&Completeness::new(3).unwrap()).is_err());
        assert_eq!((forms.eligible(2), forms.sent(2), forms.answered(99)), (None, None, None));
        assert_eq!((forms.complete(&[0, 2]), forms.complete(&[usize::MAX])), (None, None));
        assert!(forms.response(&[2]).is_err());
        assert_eq!((forms.courses(), forms.complete(&[])), (0, Some(0)));
        assert!(forms.response(&[0]).unwrap().share().is_none());
        assert!(Completeness::new(0).is_err() && Completeness::new(33).is_err());
        let mut most = Completeness::new(32).unwrap();
        most.add(&[FormStage::Answered; 32]).unwrap();
        assert_eq!((most.answered(31), most.answered(32)), (Some(1), None));
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
