-- Format 11: what reports teach of persons whom no table knows. How it is judged is said in lagebild_picture::learnt.

-- Who is introduced in a report by an office or calling with its owner.
CREATE TABLE introduction (
  doc         INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  n           INTEGER NOT NULL,       -- order within the report, from 0
  person      TEXT NOT NULL,          -- entity id
  name        TEXT NOT NULL,
  country     TEXT,
  org         TEXT,
  roles       TEXT NOT NULL,
  office      INTEGER NOT NULL,       -- 0 for a calling with a nation, which does not end
  tables      TEXT,                   -- what the tables of the engine have for the person instead; NULL when they do not know him
  words_start INTEGER NOT NULL,
  words_end   INTEGER NOT NULL,
  start       INTEGER NOT NULL,       -- the sentence
  "end"       INTEGER NOT NULL,
  PRIMARY KEY (doc, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX introduction_person ON introduction(person);

-- What follows from them. Changed only when a run ends, so that all reports of a run are read with the same.
CREATE TABLE learnt (
  person   TEXT NOT NULL,
  n        INTEGER NOT NULL,          -- order within the person, from 0
  name     TEXT NOT NULL,
  country  TEXT,
  org      TEXT,
  roles    TEXT NOT NULL,
  office   INTEGER NOT NULL,
  state    TEXT NOT NULL,             -- known, disputed, open, conflict (with the tables)
  tables   TEXT,
  since    TEXT NOT NULL,             -- first and last day on which it is used
  until    TEXT,
  first    TEXT NOT NULL,             -- days of the first and last report
  last     TEXT NOT NULL,
  reports  INTEGER NOT NULL,
  families INTEGER NOT NULL,
  PRIMARY KEY (person, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX learnt_state ON learnt(state, person) WHERE state <> 'open';

-- Persons whose introductions, or the families of the reports with these, changed since.
CREATE TABLE learnt_stale (
  person TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TRIGGER introduction_came AFTER INSERT ON introduction BEGIN
  INSERT OR IGNORE INTO learnt_stale VALUES (new.person);
END;
CREATE TRIGGER introduction_goes AFTER DELETE ON introduction BEGIN
  INSERT OR IGNORE INTO learnt_stale VALUES (old.person);
END;
CREATE TRIGGER family_learnt AFTER UPDATE OF family ON family WHEN new.family <> old.family BEGIN
  INSERT OR IGNORE INTO learnt_stale SELECT person FROM introduction WHERE doc = new.doc;
END;
CREATE TRIGGER family_learnt_came AFTER INSERT ON family BEGIN
  INSERT OR IGNORE INTO learnt_stale SELECT person FROM introduction WHERE doc = new.doc;
END;

CREATE VIEW introductions AS
  SELECT d.id AS document, i.n, i.person, i.name, i.country, i.org, i.roles, i.office, i.tables, i.words_start AS start,
         i.words_end AS "end", substr(d.text, i.words_start + 1, i.words_end - i.words_start) AS words,
         substr(d.text, i.start + 1, i."end" - i.start) AS text, d.published, d.source
    FROM introduction i JOIN document d USING (doc);

CREATE VIEW learnt_names AS
  SELECT person, n, name, country, org, roles, office, state, tables, since, until, first, last, reports, families FROM learnt;
