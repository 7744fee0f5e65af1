//! From a release to what is handed over: the annual report as a page and files, and the answer to a request.

mod annual;
mod figure;
mod page;
mod request;
mod section;

pub use annual::Report;
pub use request::Request;
pub use section::Section;
