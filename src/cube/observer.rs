//! Progress of long work, told to whoever wants to show it.

/// What the library is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// Reading the forms.
    Loading,
    /// Counting the cells of all tables and charts.
    Counting,
    /// Choosing what to hide.
    Protecting,
    /// Checking independently that nothing hidden can be worked out.
    Auditing,
    /// Writing tables, charts and pages.
    Rendering,
}

/// Told about progress. All methods may be left as they are.
///
/// ```
/// use registat::{Observer, Stage};
///
/// struct Quiet;
/// impl Observer for Quiet {}
///
/// struct Loud(Vec<Stage>);
/// impl Observer for Loud {
///     fn begins(&mut self, stage: Stage) {
///         self.0.push(stage);
///     }
/// }
/// ```
pub trait Observer {
    /// A stage begins.
    fn begins(&mut self, stage: Stage) {
        let _ = stage;
    }

    /// So many of so many steps of the stage are done. The numbers count specifications and files, never patients.
    fn progress(&mut self, done: usize, of: usize) {
        let _ = (done, of);
    }
}

/// Shows nothing.
impl Observer for () {}
