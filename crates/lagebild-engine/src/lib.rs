//! Reads events, claims and agreements out of parsed reports.
