//! `lagebild agreements --state-on` and `--if-attacked`: the ledger of treaties, and who is bound.

use super::list::{Look, filter, open, text, write};
use super::table::{narrow, wide};
use crate::End;
use crate::cli::Agreements;
use crate::rows::{BondRow, LedgerRow};
use crate::term::{self, Screen};
use crate::treaties;
use lagebild_picture::treaty::{Case, if_attacked};

pub(super) fn run(args: &Agreements, screen: Screen) -> anyhow::Result<End> {
    let wanted = filter(&args.query.filter, args.query.format)?;
    let ui = args.ui_lang.unwrap_or_else(term::language);
    let (ledger, left_out) = treaties::ledger(&open(&args.query.store)?, &treaties::reports(&wanted), ui)?;
    if left_out > 0 {
        term::note(format!(
            "{left_out} agreements of which neither a known name nor two parties are told are in no ledger"
        ));
    }
    let format = args.query.format;
    if let (Some(attacked), Some(by)) = (&args.if_attacked, &args.by) {
        let on = args.on.unwrap_or_else(treaties::today);
        let case = if_attacked(&ledger, attacked, by, on);
        term::note(format!(
            "what texts provide for if {by} attacks {attacked} on {on}; what states do is another matter"
        ));
        let rows = bonds(case);
        let shown: Vec<BondRow> = rows
            .iter()
            .skip(wanted.offset)
            .take(wanted.limit.unwrap_or(usize::MAX))
            .cloned()
            .collect();
        return write(&shown, rows.len(), format, screen, &bond_look());
    }
    let on = args.state_on.unwrap_or_default();
    let rows = treaties::on_day(ledger, &wanted, on);
    let total = rows.len();
    let rows: Vec<LedgerRow> = rows
        .into_iter()
        .skip(wanted.offset)
        .take(wanted.limit.unwrap_or(usize::MAX))
        .map(|(standing, treaty)| LedgerRow::new(standing, treaty))
        .collect();
    let look = Look::<LedgerRow> {
        columns: vec![
            wide("Treaty"),
            narrow("State", 10),
            narrow("Since", 10),
            narrow("Parties", 24),
            wide("Duties"),
            wide("Reports"),
        ],
        cells: |r| {
            vec![
                r.name.clone(),
                r.standing.state.as_str().to_owned(),
                text(r.standing.since.map(|d| d.to_string()).as_deref()),
                r.party_list(),
                r.duty_list(),
                r.told.join(", "),
            ]
        },
    };
    write(&rows, total, format, screen, &look)
}

/// The answer as rows: duties, what the attack breaks, conflicts.
fn bonds(case: Case) -> Vec<BondRow> {
    let duties = case.bonds.into_iter().map(|bond| BondRow::of("bound", bond));
    let broken = case.broken.into_iter().map(|bond| BondRow::of("broken", bond));
    let conflicts = case.conflicts.into_iter().map(BondRow::conflict);
    duties.chain(broken).chain(conflicts).collect()
}

fn bond_look() -> Look<BondRow> {
    Look {
        columns: vec![
            narrow("", 8),
            narrow("Who", 8),
            narrow("For", 8),
            narrow("To", 18),
            wide("Clause"),
            wide("Provides"),
            wide("Limits"),
            narrow("If", 26),
        ],
        cells: |r| {
            vec![
                r.row.to_owned(),
                r.who.clone(),
                text(r.towards.as_deref()),
                text(r.duty.as_deref()),
                r.clause(),
                r.text.clone(),
                r.caveats.join("; "),
                text(r.when.as_deref()),
            ]
        },
    }
}
