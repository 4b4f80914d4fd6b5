//! The `lagebild` program.

fn main() {}
