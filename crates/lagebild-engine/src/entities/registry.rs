//! The entities of a report, one for each actor.

use lagebild_core::codebook::Sector;
use lagebild_core::learnt::Taught;
use lagebild_core::{Date, Entity, EntityIx, EntityKind, Lang};
use lagebild_lexicon::knowledge::{Knowledge, Organisation, Person, PersonIx, Term, fold};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// For whom somebody acts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Owner {
    /// ISO 3166-1 alpha-3.
    pub(super) country: Option<Arc<str>>,
    /// Organisation key.
    pub(super) org: Option<Arc<str>>,
    /// Sectors of the body owned by.
    pub(super) roles: Vec<Sector>,
    /// The entity itself, when it is one.
    pub(super) entity: Option<EntityIx>,
}

impl Owner {
    /// Whether nobody is known.
    pub(super) fn is_nobody(&self) -> bool {
        self.country.is_none() && self.org.is_none()
    }

    /// What records compare: organisation, else state.
    pub(super) fn key(&self) -> Option<&str> {
        self.org.as_deref().or(self.country.as_deref())
    }
}

/// Makes entities and keeps them apart.
pub(super) struct Registry<'k> {
    knowledge: &'k Knowledge,
    lang: Lang,
    day: Option<Date>,
    entities: Vec<Entity>,
    ids: FxHashMap<Arc<str>, EntityIx>,
    /// Persons of the tables, with the state or organisation that these have for them.
    tabled: FxHashMap<EntityIx, (PersonIx, Owner)>,
}

impl<'k> Registry<'k> {
    pub(super) fn new(knowledge: &'k Knowledge, lang: Lang, day: Option<Date>) -> Self {
        Self {
            knowledge,
            lang,
            day,
            entities: Vec::new(),
            ids: FxHashMap::default(),
            tabled: FxHashMap::default(),
        }
    }

    pub(super) fn get(&self, ix: EntityIx) -> &Entity {
        &self.entities[ix.ix()]
    }

    fn make(&mut self, id: String, name: &str, kind: EntityKind, owner: &Owner) -> EntityIx {
        if let Some(&ix) = self.ids.get(id.as_str()) {
            return ix;
        }
        let ix = EntityIx::from(self.entities.len());
        let id: Arc<str> = id.into();
        self.ids.insert(Arc::clone(&id), ix);
        self.entities.push(Entity {
            id,
            name: name.into(),
            kind,
            country: owner.country.clone(),
            org: owner.org.clone(),
            roles: owner.roles.clone(),
            mentions: Vec::new(),
            learnt: None,
        });
        ix
    }

    /// The state `key`.
    pub(super) fn country(&mut self, key: &str) -> EntityIx {
        let name = self.knowledge.country(key).map_or(key, |c| match self.lang {
            Lang::De => c.name_de,
            Lang::En => c.name_en,
        });
        let owner = Owner {
            country: Some(key.into()),
            ..Owner::default()
        };
        self.make(format!("country:{key}"), name, EntityKind::Country, &owner)
    }

    /// A body that a table names.
    pub(super) fn organisation(&mut self, of: &Organisation) -> EntityIx {
        let name = match self.lang {
            Lang::De => of.name_de,
            Lang::En => of.name_en,
        };
        let id = of
            .key
            .map_or_else(|| format!("org:{}", slug(of.id)), |key| format!("org:{key}"));
        let owner = Owner {
            country: of.country.map(Arc::from),
            org: of.key.map(Arc::from),
            roles: of.sectors_on(self.day).to_vec(),
            entity: None,
        };
        self.make(id, name, EntityKind::Organisation, &owner)
    }

    /// The organisation with this key, when a table knows it.
    pub(super) fn organisation_by_key(&mut self, key: &str) -> EntityIx {
        let knowledge = self.knowledge;
        match knowledge
            .organisations
            .iter()
            .find(|o| o.id == key)
            .or_else(|| knowledge.organisations.iter().find(|o| o.key == Some(key)))
        {
            Some(of) => self.organisation(of),
            None => self.named(key, Some(key), EntityKind::Organisation, &Owner::default()),
        }
    }

    /// A person that a table knows.
    pub(super) fn person(&mut self, ix: PersonIx) -> EntityIx {
        let of = &self.knowledge.persons[ix.ix()];
        // Whoever will only later act for a body does not yet.
        let begun = |t: &&Term| t.org.is_none() || t.from.is_none_or(|from| self.day.is_none_or(|day| from <= day));
        let term = of.nearest(self.day).filter(begun);
        let holds = |day: Date| of.on(day).any(|_| true);
        let roles = match self.day {
            Some(day) if !holds(day) => Vec::new(),
            _ => term.map(|t| t.sectors.clone()).unwrap_or_default(),
        };
        let owner = Owner {
            country: term.and_then(|t| t.country).map(Arc::from),
            org: term.and_then(|t| t.org).map(Arc::from),
            roles,
            entity: None,
        };
        let person = self.make(format!("person:{}", of.id), of.name, EntityKind::Person, &owner);
        self.tabled.entry(person).or_insert((ix, owner));
        person
    }

    /// A person or body that no table knows.
    pub(super) fn named(&mut self, name: &str, key: Option<&str>, kind: EntityKind, owner: &Owner) -> EntityIx {
        let class = if kind == EntityKind::Person { "person" } else { "org" };
        let mut owner = owner.clone();
        let id = match key {
            Some(key) => {
                owner.org = Some(key.into());
                format!("{class}:{key}")
            }
            None => format!("{class}:{}", slug(name)),
        };
        self.make(id, name, kind, &owner)
    }

    /// A body or group known by what it is.
    pub(super) fn group(&mut self, term: &str, owner: &Owner) -> EntityIx {
        let of = owner.key().unwrap_or("unknown").to_lowercase();
        self.make(format!("group:{of}-{}", slug(term)), term, EntityKind::Group, owner)
    }

    /// For whom an entity acts.
    pub(super) fn owner(&self, ix: EntityIx) -> Owner {
        let entity = self.get(ix);
        Owner {
            country: entity.country.clone(),
            org: entity.org.clone(),
            roles: entity.roles.clone(),
            entity: Some(ix),
        }
    }

    /// What a report teaches about an entity: for whom it acts, in which roles. What the text says outranks the tables.
    pub(super) fn learn(&mut self, ix: EntityIx, owner: &Owner) {
        let entity = &mut self.entities[ix.ix()];
        if !owner.is_nobody() {
            entity.country = owner.country.clone();
            entity.org = owner.org.clone();
        }
        for &role in &owner.roles {
            if !entity.roles.contains(&role) {
                entity.roles.push(role);
            }
        }
    }

    /// The person of the tables that an entity is.
    pub(super) fn person_of(&self, ix: EntityIx) -> Option<&Person> {
        self.tabled
            .get(&ix)
            .map(|(person, _)| &self.knowledge.persons[person.ix()])
    }

    /// For whom a person acts by the tables; nothing for one whom they do not know.
    pub(super) fn tabled(&self, ix: EntityIx) -> Option<&Owner> {
        self.tabled.get(&ix).map(|(_, owner)| owner)
    }

    /// Takes for whom a person acts from earlier reports; the sectors too, when this one calls him nothing else.
    pub(super) fn recall(&mut self, ix: EntityIx, taught: &Arc<Taught>, with_roles: bool) {
        let entity = &mut self.entities[ix.ix()];
        entity.country = taught.country.clone();
        entity.org = taught.org.clone();
        if with_roles {
            entity.roles = taught.roles.clone();
        }
        entity.learnt = Some(Arc::clone(taught));
    }

    pub(super) fn into_entities(self) -> Vec<Entity> {
        self.entities
    }
}

/// A name as part of an id: lower-case words joined by hyphens.
pub(super) fn slug(name: &str) -> String {
    let folded = fold(name);
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}
