//! Turns files and pages into documents: encoding, layout, headline, date, language.
