//! Fetches news pages and feeds: politely towards the servers asked, and wary of what they answer.
//!
//! - [`Client`] makes one request, redirects included, within fixed limits of time and size, and connects to public
//!   addresses only. The addresses checked are the addresses connected to.
//! - [`Visitor`] is a client that keeps to robots.txt.
//! - [`Pace`] tells when a host may be asked again, [`schedule`] when a feed is due again.
//! - [`hook`] signs and sends what a receiver asked for.
//! - [`subscriptions`] reads and writes lists of feeds.
//!
//! Nothing in here reads a clock or rolls dice to decide anything: what time it is, and what chance says, is handed in.
//! Deadlines of single requests are the exception.

mod address;
mod client;
mod decode;
mod error;
pub mod hook;
mod names;
mod pace;
mod robots;
pub mod schedule;
mod site;
pub mod subscriptions;
mod visit;

pub use address::{Denied, check};
pub use client::{Answer, Client, Limits, Page, Settings, Validators};
pub use error::Error;
pub use names::{Names, SystemNames};
pub use pace::Pace;
pub use robots::Robots;
pub use site::{host, plain};
pub use url::Url;
pub use visit::{Chosen, Visit, Visitor};
