//! One binary; its modules mirror `src`.

mod load;
mod score;
mod stats;
mod synthetic;
