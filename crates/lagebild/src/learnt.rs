//! What reports taught of persons whom no table knows, for those who ask: with the sentences, and beside the tables.

use lagebild_core::Lang;
use lagebild_engine::entities::person_id;
use lagebild_lexicon::knowledge::{Knowledge, Name, PersonIx};
use lagebild_store::{Introduced, LearntRow, Reader};
use serde::Serialize;

/// For whom a person acts by reports of one time, with these.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct LearntName {
    #[serde(flatten)]
    pub(crate) row: LearntRow,
    /// The sources of the reports, each once.
    pub(crate) sources: Vec<String>,
    /// The reports that say so, the latest first, with the sentence.
    pub(crate) told: Vec<Introduced>,
}

impl LearntName {
    /// The state or organisation with the sectors, as codes are written.
    pub(crate) fn code(&self) -> String {
        let key = self.row.org.as_deref().or(self.row.country.as_deref());
        key.unwrap_or_default().to_owned() + &self.row.roles.concat()
    }
}

/// Tells what was learnt with its evidence.
pub(crate) struct Teacher<'a> {
    pub(crate) knowledge: &'a Knowledge,
    pub(crate) reader: &'a Reader,
}

impl Teacher<'_> {
    /// All on whom enough reports say something, those with most reports first; at most `limit`, and how many there are.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn all(&self, limit: Option<usize>) -> lagebild_store::Result<(Vec<LearntName>, usize)> {
        let rows = self.reader.learnt_rows(None)?;
        let total = rows.len();
        let shown = rows.into_iter().take(limit.unwrap_or(usize::MAX));
        let named: lagebild_store::Result<_> = shown.map(|row| self.with_evidence(row)).collect();
        Ok((named?, total))
    }

    /// What was learnt of the person with a name or id.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn of(&self, name: &str) -> lagebild_store::Result<Vec<LearntName>> {
        let id = match name.strip_prefix("person:") {
            Some(_) => name.to_owned(),
            None => person_id(name),
        };
        let rows = self.reader.learnt_rows(Some(&id))?;
        rows.into_iter().map(|row| self.with_evidence(row)).collect()
    }

    fn with_evidence(&self, row: LearntRow) -> lagebild_store::Result<LearntName> {
        let mut told = self.reader.introductions(&row.person)?;
        told.retain(|one| {
            let day = one.document.published.as_deref();
            let then = day.is_some_and(|day| *row.first <= *day && *day <= *row.last);
            let same = match (&row.org, &one.org) {
                (None, None) => row.country == one.country,
                (org, other) => org == other,
            };
            then && same
        });
        let mut sources: Vec<String> = told.iter().filter_map(|one| one.document.source.clone()).collect();
        sources.sort();
        sources.dedup();
        let mut row = row;
        if row.state == "known"
            && let Some(person) = self.tabled(&row)
        {
            // The tables came to know him since: they are followed.
            let nearest = self.knowledge.persons[person.ix()].nearest(row.last.parse().ok());
            let has = nearest.and_then(|term| term.org.or(term.country));
            let same = has.is_some() && has == row.org.as_deref().or(row.country.as_deref());
            row.state = if same { "tables" } else { "conflict" }.to_owned();
            row.tables = has.map(str::to_owned);
        }
        Ok(LearntName { row, sources, told })
    }

    /// The person of the tables who bears the name.
    fn tabled(&self, row: &LearntRow) -> Option<PersonIx> {
        let named = [Lang::De, Lang::En]
            .into_iter()
            .flat_map(|lang| self.knowledge.named(lang, &row.name));
        named.into_iter().find_map(|name| match name {
            Name::Person(ix) => Some(ix),
            _ => None,
        })
    }
}
