//! The crossing of each record of a block: its group, and what was answered besides, both summed up axis by axis. In numbers no
//! wider than they need to be, of which the processor adds the more at a time.
#![allow(clippy::useless_conversion, reason = "the widest numbers are widened as the others are")]

/// Groups and answers of the records of a block.
pub(super) struct Crossings {
    numbers: Numbers,
    records: usize,
    groups: u64,
}

/// Those of groups first, then those of answers.
enum Numbers {
    Short(Vec<u16>),
    Narrow(Vec<u32>),
    Wide(Vec<u64>),
}

macro_rules! in_width {
    ($numbers:expr, |$width:ident, $vector:ident| $work:expr) => {
        match $numbers {
            Numbers::Short($vector) => {
                type $width = u16;
                $work
            }
            Numbers::Narrow($vector) => {
                type $width = u32;
                $work
            }
            Numbers::Wide($vector) => {
                type $width = u64;
                $work
            }
        }
    };
}

impl Crossings {
    /// For so many crossings of so many groups.
    pub(super) fn of(crossings: u64, groups: u64) -> Self {
        let most = groups.max(crossings / groups.max(1));
        let numbers = if u16::try_from(most).is_ok() {
            Numbers::Short(Vec::new())
        } else if u32::try_from(most).is_ok() {
            Numbers::Narrow(Vec::new())
        } else {
            Numbers::Wide(Vec::new())
        };
        Self { numbers, records: 0, groups }
    }

    /// Begins a block of so many records.
    pub(super) fn begin(&mut self, records: usize) {
        self.records = records;
        in_width!(&mut self.numbers, |Width, numbers| {
            numbers.clear();
            numbers.resize(2 * records, Width::MIN);
        });
    }

    /// Adds the class of an axis, of which neighbours are `stride` apart, to the groups.
    pub(super) fn add(&mut self, classes: &[u16], stride: u64) {
        in_width!(&mut self.numbers, |Width, numbers| {
            // Below the number of groups, as every sum of classes is.
            let stride = stride as Width;
            numbers
                .iter_mut()
                .zip(classes)
                .for_each(|(number, class)| *number += Width::from(*class) * stride);
        });
    }

    /// Adds to the answers one crossing where the bin is that of missing, and another elsewhere.
    pub(super) fn add_answers(&mut self, bins: &[u16], missing: u16, (answered, without): (u64, u64)) {
        in_width!(&mut self.numbers, |Width, numbers| {
            let (answered, without) = ((answered / self.groups) as Width, (without / self.groups) as Width);
            let answers = numbers.get_mut(self.records..).unwrap_or_default();
            // Multiplied, not asked: who answered follows no order that a processor could guess.
            let difference = answered.wrapping_sub(without);
            let add = |(number, bin): (&mut Width, &u16)| {
                let is_answered = Width::from(*bin != missing);
                *number = number.wrapping_add(without).wrapping_add(is_answered.wrapping_mul(difference));
            };
            answers.iter_mut().zip(bins).for_each(add);
        });
    }

    /// Calls for each record in turn with its crossing.
    pub(super) fn each(&self, mut call: impl FnMut(u64)) {
        in_width!(&self.numbers, |Width, numbers| {
            let crossing = |(group, answers): (&Width, &Width)| {
                call(u64::from(*group) + u64::from(*answers) * self.groups);
            };
            let (groups, answers) = numbers.split_at(numbers.len().min(self.records));
            groups.iter().zip(answers).for_each(crossing);
        });
    }

    /// Calls for each record in turn with its group and its bin.
    pub(super) fn each_group(&self, bins: &[u16], mut call: impl FnMut(u64, u16)) {
        in_width!(&self.numbers, |Width, numbers| {
            let group = |(group, bin): (&Width, &u16)| call(u64::from(*group), *bin);
            let groups = numbers.get(..self.records).unwrap_or_default();
            groups.iter().zip(bins).for_each(group);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_width_agree() {
        let classes: Vec<u16> = (0..100).map(|row| row % 7).collect();
        let groups = 343;
        let sums = |crossings: u64| {
            let mut crossings = Crossings::of(crossings, groups);
            crossings.begin(classes.len());
            crossings.add(&classes, 1);
            crossings.add(&classes, 49);
            crossings.add_answers(&classes, 3, (groups, 0));
            crossings.add_answers(&classes, 4, (2 * groups, 0));
            let mut found = Vec::new();
            crossings.each(|crossing| found.push(crossing));
            crossings.each_group(&classes, |group, bin| found.push(group * 10 + u64::from(bin)));
            found
        };
        let short = sums(4 * groups);
        assert_eq!(short, sums(1 << 30));
        assert_eq!(short, sums(1 << 50));
        assert_eq!(
            (short[5], short[4], short[3]),
            (5 + 5 * 49 + 3 * 343, 4 + 4 * 49 + 343, 3 + 3 * 49 + 2 * 343)
        );
        assert_eq!((short.len(), short[105]), (200, (5 + 5 * 49) * 10 + 5));
    }
}
