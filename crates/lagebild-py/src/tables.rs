//! The tables that readings give, with the columns of `lagebild export`.

use crate::columns::Columns;
use crate::fault;
use lagebild_core::wire::Record;
use lagebild_export::{
    ClaimEvent, MentionRow, ObligationRow, PartyRow, QuantityRow, RecordRows, Row, StepRow, Table, TextRow,
};
use lagebild_store::{AgreementRow, ClaimRow, EventRow};
use pyo3::PyResult;

/// What [`fill`] can fill.
pub(crate) const TABLES: &[Table] = &[
    TextRow::TABLE,
    EventRow::TABLE,
    PartyRow::TABLE,
    MentionRow::TABLE,
    QuantityRow::TABLE,
    ClaimRow::TABLE,
    ClaimEvent::TABLE,
    AgreementRow::TABLE,
    StepRow::TABLE,
    ObligationRow::TABLE,
];

/// The table of this name.
pub(crate) fn find(name: &str) -> PyResult<Table> {
    let found = TABLES.iter().find(|t| t.name == name);
    found.copied().ok_or_else(|| {
        let names: Vec<&str> = TABLES.iter().map(|t| t.name).collect();
        fault(
            format!("there is no table {name:?}"),
            Some(&format!("tables are {}", names.join(", "))),
        )
    })
}

/// Adds the rows of `table` that `record` holds.
pub(crate) fn fill(columns: &mut Columns, table: &Table, record: &Record) {
    let mut out = Sink { columns, table };
    let rows = RecordRows::new(record);
    out.row(&TextRow {
        document: &record.id,
        text: &record.text,
    });
    for event in rows.events() {
        out.row(&event);
        PartyRow::of(&event).for_each(|row| out.row(&row));
        MentionRow::of(&event).for_each(|row| out.row(&row));
        QuantityRow::of(&event).for_each(|row| out.row(&row));
    }
    for claim in rows.claims() {
        out.row(&claim);
        ClaimEvent::of(&claim).for_each(|row| out.row(&row));
    }
    for agreement in rows.agreements() {
        out.row(&agreement);
        StepRow::of(&agreement).for_each(|row| out.row(&row));
        ObligationRow::of(&agreement).for_each(|row| out.row(&row));
    }
}

/// Takes the rows of one table out of those of all.
struct Sink<'a> {
    columns: &'a mut Columns,
    table: &'a Table,
}

impl Sink<'_> {
    fn row<T: Row>(&mut self, row: &T) {
        if T::TABLE.name == self.table.name {
            self.columns.row(&row.cells());
        }
    }
}
