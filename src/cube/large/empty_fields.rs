//! Empty fields of a column get their class, eight at a time. A numeric kernel: it indexes tables of 256 by bytes.
#![allow(clippy::indexing_slicing)]

/// For every eight bits, all bits of a class where one is set.
const MASKS: [[u16; 8]; 256] = {
    let mut masks = [[0; 8]; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut bit = 0;
        while bit < 8 {
            if byte >> bit & 1 == 1 {
                masks[byte][bit] = u16::MAX;
            }
            bit += 1;
        }
        byte += 1;
    }
    masks
};

/// Gives empty fields the class `null`. A bit says that its field is not empty; where there are fewer words of bits than fields,
/// `is_filled` tells of the rest.
pub(super) fn put(
    classes: &mut [u16],
    words: impl Iterator<Item = u64>,
    is_filled: impl Fn(usize) -> bool,
    null: u16,
) {
    let (parts, _) = classes.as_chunks_mut::<64>();
    let mut done = 0;
    for (part, word) in parts.iter_mut().zip(words) {
        let (eights, _) = part.as_chunks_mut::<8>();
        for (eight, byte) in eights.iter_mut().zip(word.to_le_bytes()) {
            let masks = &MASKS[usize::from(byte)];
            eight.iter_mut().zip(masks).for_each(|(class, mask)| *class = *class & mask | null & !mask);
        }
        done += part.len();
    }
    for (place, class) in classes.iter_mut().enumerate().skip(done) {
        if !is_filled(place) {
            *class = null;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_fields_and_no_others_get_the_class() {
        let is_filled = |place: usize| place % 7 != 3 && place % 64 != 63;
        let word =
            |start: usize| (0..64).fold(0, |word, bit| word | u64::from(is_filled(start + bit)) << bit);
        for (fields, words) in [(0, 0), (5, 0), (64, 1), (200, 3), (200, 1), (256, 4)] {
            let mut classes: Vec<u16> = (0..fields as u16).collect();
            put(&mut classes, (0..words).map(|number| word(number * 64)), is_filled, 999);
            for (place, class) in classes.iter().enumerate() {
                assert_eq!(*class, if is_filled(place) { place as u16 } else { 999 });
            }
        }
    }
}
