//! The store of Lagebild: one SQLite file with reports, readings and full text.
