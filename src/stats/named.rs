//! Methods that specifications call by name.

use crate::error::{Error, unknown};

/// The one of `all` with this name; the error names `what` was looked for and the nearest name.
pub(super) fn named<T: Copy>(
    what: &str,
    all: &[T],
    name_of: impl Fn(T) -> &'static str,
    name: &str,
) -> Result<T, Error> {
    let found = all.iter().copied().find(|&one| name_of(one) == name);
    found.ok_or_else(|| Error::stats(unknown(what, name, all.iter().map(|&one| name_of(one)))))
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn names_are_exact_and_a_near_one_is_offered() {
        let name_of = |one: u8| if one == 0 { "zero" } else { "one" };
        assert!(named("digit", &[0, 1], name_of, "one").is_ok_and(|one| one == 1));
        let error = named("digit", &[0, 1], name_of, "Zero").err().map(|error| error.to_string());
        assert!(error.is_some_and(|text| text.contains("digit") && text.contains("`zero`")));
    }
}
