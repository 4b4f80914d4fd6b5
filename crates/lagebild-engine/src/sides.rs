//! Who takes part on the sides of an act.

use lagebild_core::codebook::Sector;
use lagebild_core::{Entity, EntityKind, Event, Party};

/// Who takes part on one side of an act.
pub(crate) struct Side<'e> {
    pub(crate) parties: &'e [Party],
    pub(crate) entities: &'e [Entity],
}

impl<'e> Side<'e> {
    /// Those who do it.
    pub(crate) fn actors(event: &'e Event, entities: &'e [Entity]) -> Self {
        let parties = &event.actors;
        Self { parties, entities }
    }

    /// Those to whom it is done.
    pub(crate) fn recipients(event: &'e Event, entities: &'e [Entity]) -> Self {
        let parties = &event.recipients;
        Self { parties, entities }
    }

    /// Whether two parties can be the same: the same entity, or bodies and groups of one state or organisation whose
    /// sectors do not differ.
    pub(crate) fn same(&self, a: &Party, b: &Party) -> bool {
        if a.entity == b.entity {
            return true;
        }
        let (x, y) = (&self.entities[a.entity.ix()], &self.entities[b.entity.ix()]);
        let key = |e: &Entity| e.org.clone().or_else(|| e.country.clone());
        let sectors = |p: &Party, e: &Entity| {
            if p.roles.is_empty() {
                e.roles.clone()
            } else {
                p.roles.clone()
            }
        };
        // A state is its army too.
        let state = x.kind == EntityKind::Country || y.kind == EntityKind::Country;
        let acts = |s: &[Sector]| s.iter().all(|r| matches!(r, Sector::Gov | Sector::Mil));
        let apart = |s: &[Sector], t: &[Sector]| {
            let one = s.is_empty() || t.is_empty() || s.iter().any(|r| t.contains(r));
            !(one || state && acts(s) && acts(t))
        };
        // Two people or named bodies of one state are two.
        let named = |e: &Entity| matches!(e.kind, EntityKind::Person | EntityKind::Organisation);
        !(named(x) && named(y)) && key(x).is_some() && key(x) == key(y) && !apart(&sectors(a, x), &sectors(b, y))
    }

    /// How many of `others` are among these.
    pub(crate) fn shared(&self, others: &[Party]) -> usize {
        others
            .iter()
            .filter(|o| self.parties.iter().any(|p| self.same(p, o)))
            .count()
    }

    /// Whether one side is a part of the other. (Somebody in common is not enough: acts would grow from mention to mention.)
    pub(crate) fn compatible(&self, others: &[Party]) -> bool {
        let fewer = self.parties.len().min(others.len());
        self.shared(others) >= fewer
    }
}

/// For whom a party acts, as records compare it.
pub(crate) fn key<'e>(party: &Party, entities: &'e [Entity]) -> Option<&'e str> {
    let entity = &entities[party.entity.ix()];
    entity.org.as_deref().or(entity.country.as_deref())
}
