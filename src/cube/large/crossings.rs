//! The crossing of each record of a block, summed up axis by axis: in narrow numbers where all crossings fit them, which takes the
//! processor half the time.

/// The number of a crossing for every record.
pub(super) enum Crossings {
    Narrow(Vec<u32>),
    Wide(Vec<u64>),
}

impl Crossings {
    /// For a shape of so many crossings.
    pub(super) fn of(crossings: u64) -> Self {
        if u32::try_from(crossings).is_ok() { Self::Narrow(Vec::new()) } else { Self::Wide(Vec::new()) }
    }

    /// Begins a block of so many records.
    pub(super) fn begin(&mut self, records: usize) {
        match self {
            Self::Narrow(numbers) => {
                numbers.clear();
                numbers.resize(records, 0);
            }
            Self::Wide(numbers) => {
                numbers.clear();
                numbers.resize(records, 0);
            }
        }
    }

    /// Becomes a copy of another one of the same shape.
    pub(super) fn copy(&mut self, other: &Self) {
        match (self, other) {
            (Self::Narrow(numbers), Self::Narrow(other)) => numbers.clone_from(other),
            (Self::Wide(numbers), Self::Wide(other)) => numbers.clone_from(other),
            (numbers, Self::Narrow(other)) => *numbers = Self::Narrow(other.clone()),
            (numbers, Self::Wide(other)) => *numbers = Self::Wide(other.clone()),
        }
    }

    /// Adds the class of an axis, of which neighbours are `stride` apart.
    pub(super) fn add(&mut self, classes: &[u16], stride: u64) {
        match self {
            Self::Narrow(numbers) => {
                // Below the number of crossings, as every sum of classes is.
                let stride = stride as u32;
                numbers
                    .iter_mut()
                    .zip(classes)
                    .for_each(|(number, class)| *number += u32::from(*class) * stride);
            }
            Self::Wide(numbers) => {
                numbers
                    .iter_mut()
                    .zip(classes)
                    .for_each(|(number, class)| *number += u64::from(*class) * stride);
            }
        }
    }

    /// Adds one number where the bin is that of missing, and another elsewhere.
    pub(super) fn add_answers(&mut self, bins: &[u16], missing: u16, (answered, without): (u64, u64)) {
        match self {
            Self::Narrow(numbers) => {
                let (answered, without) = (answered as u32, without as u32);
                let add = |(number, bin): (&mut u32, &u16)| {
                    *number += if *bin == missing { without } else { answered };
                };
                numbers.iter_mut().zip(bins).for_each(add);
            }
            Self::Wide(numbers) => {
                let add = |(number, bin): (&mut u64, &u16)| {
                    *number += if *bin == missing { without } else { answered };
                };
                numbers.iter_mut().zip(bins).for_each(add);
            }
        }
    }

    /// Calls for each record in turn.
    pub(super) fn each(&self, mut call: impl FnMut(u64)) {
        match self {
            Self::Narrow(numbers) => numbers.iter().for_each(|number| call(u64::from(*number))),
            Self::Wide(numbers) => numbers.iter().for_each(|number| call(*number)),
        }
    }

    /// Calls for each record in turn with its bin.
    pub(super) fn each_with(&self, bins: &[u16], mut call: impl FnMut(u64, u16)) {
        match self {
            Self::Narrow(numbers) => {
                numbers.iter().zip(bins).for_each(|(number, bin)| call(u64::from(*number), *bin));
            }
            Self::Wide(numbers) => numbers.iter().zip(bins).for_each(|(number, bin)| call(*number, *bin)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_and_wide_numbers_agree() {
        let classes: Vec<u16> = (0..100).map(|row| row % 7).collect();
        let sums = |mut crossings: Crossings| {
            crossings.begin(classes.len());
            crossings.add(&classes, 1);
            crossings.add(&classes, 49);
            crossings.add_answers(&classes, 3, (500, 0));
            let mut copy = Crossings::of(1);
            copy.copy(&crossings);
            let mut found = Vec::new();
            copy.each(|crossing| found.push(crossing));
            crossings.each_with(&classes, |crossing, bin| found.push(crossing * 10 + u64::from(bin)));
            found
        };
        let narrow = sums(Crossings::of(u64::from(u32::MAX)));
        assert_eq!(narrow, sums(Crossings::of(1 << 40)));
        assert_eq!((narrow[4], narrow[3]), (4 + 4 * 49 + 500, 3 + 3 * 49));
    }
}
