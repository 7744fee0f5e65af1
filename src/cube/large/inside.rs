//! Which cells each crossing lies in. A numeric kernel: it indexes by the numbers of crossings, cells, stems and demands that it
//! made itself.
//!
//! Most cells differ from others in nothing but which measure must have a value. Such cells share a *stem*, what they ask of the
//! other axes, and each adds a *demand*. A crossing is a group and what is answered in it: it lies in a cell where the group lies
//! in the stem and the answers meet the demand. Groups and answers are few where crossings are many.
#![allow(clippy::indexing_slicing)]

use std::collections::HashMap;
use std::hash::Hash;

use crate::cube::grid::Key;

/// The cells of a grid, by what they ask.
pub(super) struct Parted {
    pub(super) stems: Vec<Key>,
    pub(super) demands: Vec<Key>,
    /// By cell: its stem and its demand.
    pub(super) of_cell: Vec<(u32, u32)>,
}

/// The cells that each occupied crossing lies in.
pub(super) struct Inside {
    /// By stem: its demands and the cell of each.
    cells: Vec<Vec<(u32, u32)>>,
    /// Lists of stems; groups in the same stems share one.
    stems: Vec<Vec<u32>>,
    /// By kind of answers: the demands met, as bits of so many words.
    met: Vec<u64>,
    words: usize,
    /// By crossing: its list of stems and its kind of answers.
    of: Vec<(u32, u32)>,
}

const WORD: usize = u64::BITS as usize;

impl Parted {
    /// `is_demand` says which axes are about having a value only.
    pub(super) fn new(keys: &[Key], is_demand: impl Fn(u16) -> bool) -> Self {
        let (mut stems, mut demands) = (Numbers::default(), Numbers::default());
        let part = |key: &Key| {
            let (demand, stem): (Key, Key) = key.iter().copied().partition(|(axis, _)| is_demand(*axis));
            (stems.of(stem), demands.of(demand))
        };
        let of_cell = keys.iter().map(part).collect();
        Self { stems: stems.things, demands: demands.things, of_cell }
    }
}

/// Numbers things in the order in which they are met first.
pub(super) struct Numbers<T> {
    known: HashMap<T, u32>,
    pub(super) things: Vec<T>,
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self { known: HashMap::new(), things: Vec::new() }
    }
}

impl<T: Clone + Eq + Hash> Numbers<T> {
    pub(super) fn of(&mut self, thing: T) -> u32 {
        let next = self.things.len() as u32;
        *self.known.entry(thing).or_insert_with_key(|thing| {
            self.things.push(thing.clone());
            next
        })
    }
}

impl Inside {
    /// `of` has the group and the kind of answers of every crossing; `stems_of` and `met_by` give the stems of each group and the
    /// demands that each kind of answers meets.
    pub(super) fn new(
        parted: &Parted,
        of: impl Iterator<Item = (usize, usize)>,
        stems_of: &[Vec<u32>],
        met_by: &[Vec<u32>],
    ) -> Self {
        let mut cells = vec![Vec::new(); parted.stems.len()];
        for (cell, (stem, demand)) in (0_u32..).zip(&parted.of_cell) {
            cells[*stem as usize].push((*demand, cell));
        }
        let mut stems = Numbers::default();
        let list_of: Vec<u32> = stems_of.iter().map(|list| stems.of(list.clone())).collect();
        let words = parted.demands.len().div_ceil(WORD).max(1);
        let mut met = vec![0; met_by.len() * words];
        for (kind, demands) in met_by.iter().enumerate() {
            for demand in demands {
                met[kind * words + *demand as usize / WORD] |= 1 << (*demand as usize % WORD);
            }
        }
        let of = of.map(|(group, kind)| (list_of[group], kind as u32)).collect();
        Self { cells, stems: stems.things, met, words, of }
    }

    /// How many words the demands take.
    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// The stems that a crossing lies in.
    pub(super) fn stems(&self, crossing: usize) -> &[u32] {
        &self.stems[self.of[crossing].0 as usize]
    }

    /// The demands of one word that a crossing meets.
    pub(super) fn met(&self, crossing: usize, word: usize) -> u64 {
        self.met[self.of[crossing].1 as usize * self.words + word]
    }

    /// The cells that a crossing lies in, each once.
    pub(super) fn cells(&self, crossing: usize) -> impl Iterator<Item = usize> {
        let met = &self.met[self.of[crossing].1 as usize * self.words..];
        let is_met = |demand: u32| met[demand as usize / WORD] >> (demand as usize % WORD) & 1 == 1;
        let of_stems = self.stems(crossing).iter().flat_map(|stem| &self.cells[*stem as usize]);
        of_stems.filter(move |(demand, _)| is_met(*demand)).map(|(_, cell)| *cell as usize)
    }
}
