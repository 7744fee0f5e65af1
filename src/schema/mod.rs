//! What a register is made of: forms, variables, levels, instruments and units, all of it data.

mod codebook;
mod date;
mod instrument;
mod label;
mod printed;
pub(crate) mod specification;
pub(crate) mod standard;
mod units;
mod variable;

pub use codebook::{Codebook, Form, Purpose, Register};
pub use date::Date;
pub use instrument::{Instrument, Scoring};
pub use label::{Label, Language};
pub use printed::{Axis, ChartKind, Goal, Head, Note, RowKind};
pub use units::{Node, UnitTree};
pub use variable::{Coding, Kind, Level, Role, ScaleBreak, Variable};
