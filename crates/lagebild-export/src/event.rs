//! Formats made of events.

use crate::Notice;
use lagebild_store::{EventRow, StoredDocument};
use std::io;

/// Writes events, one after another.
pub trait EventWriter {
    /// Whether events have to be shown to [`Self::announce`] before they are written.
    fn wants_announcement(&self) -> bool {
        false
    }

    /// Shows an event that will be written later.
    fn announce(&mut self, event: &EventRow) {
        let _ = event;
    }

    /// Writes an event of `report`; tells whether it had a place in the format.
    ///
    /// # Errors
    /// When it cannot be written.
    fn event(&mut self, event: &EventRow, report: &StoredDocument) -> io::Result<bool>;

    /// Writes the end of the file.
    ///
    /// # Errors
    /// When it cannot be written.
    fn finish(self: Box<Self>) -> io::Result<Vec<Notice>>;
}

/// Counts what a format without status and days for each event leaves out.
#[derive(Debug, Default)]
pub(crate) struct LeftOut {
    not_actual: usize,
    no_day: usize,
}

impl LeftOut {
    /// The day of an event that a bare format can tell: one that is told as real. Plans, rumours of what may come and
    /// what did not happen would be read as acts.
    pub(crate) fn day(&mut self, event: &EventRow) -> Option<lagebild_core::Date> {
        if event.event.status != "actual" {
            self.not_actual += 1;
            return None;
        }
        let day = event.event.date.from.as_deref().or(event.document.published.as_deref());
        let day = day.and_then(|d| d.parse().ok());
        self.no_day += usize::from(day.is_none());
        day
    }

    pub(crate) fn notices(&self) -> Vec<Notice> {
        crate::notices([
            (
                self.not_actual,
                "events left out that are planned, possible or negated: the format cannot say so",
            ),
            (self.no_day, "events left out of which no day is known"),
        ])
    }
}
