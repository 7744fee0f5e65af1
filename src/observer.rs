//! Progress of long work, told to whoever wants to show it.

use std::ops::ControlFlow;

/// Told about progress. All methods may be left as they are.
///
/// ```
/// use registat::Observer;
///
/// #[derive(Default)]
/// struct Lines(Vec<String>);
///
/// impl Observer for Lines {
///     fn progress(&mut self, what: &str, done: usize, of: usize) {
///         self.0.push(format!("{done}/{of} {what}"));
///     }
/// }
/// ```
pub trait Observer {
    /// So many rows of a large cohort are counted, of so many where that is known. [`ControlFlow::Break`] stops the work:
    /// nothing is kept of it and nothing is written.
    fn rows(&mut self, done: u64, of: Option<u64>) -> ControlFlow<()> {
        let _ = (done, of);
        ControlFlow::Continue(())
    }

    /// So many of so many steps are done, the last one being `what`: a form, a table, a file. The numbers count steps,
    /// never patients.
    fn progress(&mut self, what: &str, done: usize, of: usize) {
        let _ = (what, done, of);
    }
}

/// Shows nothing.
impl Observer for () {}
