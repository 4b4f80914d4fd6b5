-- Format 3: what many reports tell together. Methods and terms: docs/picture.md.

-- Look-up keys of texts: reports that share one may be copies. The key columns of this and of act_key hold hashes. Their
-- rows go by key when a report changes: a reference to the report would make SQLite look through all of them.
CREATE TABLE text_key (
  key INTEGER NOT NULL,
  doc INTEGER NOT NULL,
  PRIMARY KEY (key, doc)
) STRICT, WITHOUT ROWID;

-- Reports that copy one another; doc was written to the store after other.
CREATE TABLE copy (
  doc         INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  other       INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  resemblance REAL NOT NULL,
  containment REAL NOT NULL,
  PRIMARY KEY (doc, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX copy_other ON copy(other);

-- The family of each report: what hangs together by copies, named by its least doc.
CREATE TABLE family (
  doc    INTEGER PRIMARY KEY REFERENCES document ON DELETE CASCADE,
  family INTEGER NOT NULL
) STRICT;
CREATE INDEX family_family ON family(family);

-- Each event as a telling of an act. A cluster is a leader, the earliest telling, and those that joined it.
CREATE TABLE act (
  event  INTEGER PRIMARY KEY REFERENCES event ON DELETE CASCADE,
  leader INTEGER,                     -- the event itself when it leads
  score  REAL,                        -- of the event with its leader; none when it leads
  terms  TEXT,                        -- what the score is the sum of
  words  BLOB NOT NULL                -- hashes of the telling words of its sentence
) STRICT;
CREATE INDEX act_leader ON act(leader);

-- Look-up keys of acts by type and parties: events that share one may tell one act.
CREATE TABLE act_key (
  key    INTEGER NOT NULL,
  coarse INTEGER NOT NULL,            -- 1 when told for more than three days
  day    INTEGER NOT NULL,            -- first day, counted from 1970-01-01
  event  INTEGER NOT NULL,
  PRIMARY KEY (key, coarse, day, event)
) STRICT, WITHOUT ROWID;

-- The place of each report in its story: what it continues, and the report that began it.
CREATE TABLE story (
  doc     INTEGER PRIMARY KEY REFERENCES document ON DELETE CASCADE,
  parent  INTEGER,                    -- none for a report that begins a story
  alike   REAL,                       -- with the parent, up to 1
  story   INTEGER,
  profile BLOB NOT NULL               -- hashes and weights of what the report is about
) STRICT;
CREATE INDEX story_parent ON story(parent);
CREATE INDEX story_story ON story(story);

-- Look-up keys of profiles: reports that share one may tell one story.
CREATE TABLE story_key (
  key INTEGER NOT NULL,
  day INTEGER NOT NULL,               -- of the report, counted from 1970-01-01
  doc INTEGER NOT NULL,
  PRIMARY KEY (key, day, doc)
) STRICT, WITHOUT ROWID;

CREATE VIEW families AS
  SELECT d.id AS document, f.id AS family, d.published, d.source
    FROM family x JOIN document d USING (doc) JOIN document f ON f.doc = x.family;

CREATE VIEW copies AS
  SELECT d.id AS document, o.id AS other, c.resemblance, c.containment
    FROM copy c JOIN document d USING (doc) JOIN document o ON o.doc = c.other;

CREATE VIEW cluster_events AS
  SELECT ld.id || '#' || l.id AS cluster, d.id || '#' || e.id AS event, a.score, a.terms
    FROM act a JOIN event e USING (event) JOIN document d ON d.doc = e.doc
    JOIN event l ON l.event = a.leader JOIN document ld ON ld.doc = l.doc;

CREATE VIEW clusters AS
  SELECT d.id || '#' || e.id AS cluster, e.type, e.mode, e.content, e.status, e.certainty, e.date_from, e.date_to,
         (SELECT count(DISTINCT y.doc) FROM act x JOIN event y USING (event) WHERE x.leader = a.event) AS reports,
         (SELECT count(DISTINCT f.family) FROM act x JOIN event y USING (event) JOIN family f USING (doc)
           WHERE x.leader = a.event) AS families
    FROM act a JOIN event e USING (event) JOIN document d USING (doc) WHERE a.leader = a.event;

CREATE VIEW story_documents AS
  SELECT r.id AS story, d.id AS document, p.id AS continues, s.alike, d.published, d.title
    FROM story s JOIN document d USING (doc) JOIN document r ON r.doc = s.story LEFT JOIN document p ON p.doc = s.parent;
