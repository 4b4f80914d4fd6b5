//! From single readings to a picture of the situation.
//!
//! A reading tells what one report says. This crate joins the readings of many:
//!
//! - [`near`] finds reports that copy one another, so that an agency text printed ten times counts as one source;
//! - [`cluster`] finds the events of many reports that are the same act;
//! - [`accord`] says what the reports of one act agree and disagree on;
//! - [`story`] finds the reports on one development;
//! - [`claims`] says who confirms and denies an act, and keeps the records of speakers;
//! - [`learnt`] says what is known of persons whom no table knows, from how reports introduce them;
//! - [`tension`] counts and sums the acts between two, and compares them with their own past;
//! - [`treaty`] keeps the ledger of treaties and finds who is bound when one is attacked.
//!
//! All of it is pure: plain rows in, results with their explanation out. There is no I/O, no clock, no randomness, and no
//! result depends on the order in which reports arrive, but for the limits that the modules name.

pub mod accord;
pub mod claims;
pub mod cluster;
pub mod learnt;
pub mod near;
pub mod story;
pub mod tension;
mod text;
pub mod treaty;
