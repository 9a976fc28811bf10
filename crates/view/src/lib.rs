//! The market as the public sees it: the price levels of every instrument, kept up by the events of the core.
//!
//! A [`MarketView`] is given the bytes of event batches. It applies what changes levels and gives back the rest, so
//! that whoever follows the market decodes only what it has to look at. Frames of books are compared and written here
//! too: a [`Window`] is what the subscribers of one stream have, and knows what turns it into the book of now.
//!
//! Pure: bytes in, bytes out. `tests/naive_judges_view.rs` holds it against an obvious twin.

mod book;
mod decimal;
mod level;
mod side;
mod view;
mod window;

pub use book::{Book, Picture};
pub use decimal::Grid;
pub use level::Level;
pub use side::SideLevels;
pub use view::{Applied, Malformed, MarketView};
pub use window::Window;
