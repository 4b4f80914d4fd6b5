-- Format 7: sums over the whole store, kept with each report, so that no page has to read everything. What each of them counts
-- is said in tallies.rs; the program fills them when it finds no version of theirs.

-- Acts of one upon another that are told as real, by the days they are told for. Scores are in hundredths, so that sums are
-- exact; days are counted from 1970-01-01.
CREATE TABLE pair_tally (
  actor                TEXT NOT NULL,
  recipient            TEXT NOT NULL,
  first                INTEGER NOT NULL,
  last                 INTEGER NOT NULL,
  acts                 INTEGER NOT NULL,
  verbal_cooperation   INTEGER NOT NULL,
  material_cooperation INTEGER NOT NULL,
  verbal_conflict      INTEGER NOT NULL,
  material_conflict    INTEGER NOT NULL,
  assaults             INTEGER NOT NULL,
  arms                 INTEGER NOT NULL,
  goldstein            INTEGER NOT NULL,
  plover               INTEGER NOT NULL,
  squares              INTEGER NOT NULL,
  PRIMARY KEY (actor, recipient, first, last)
) STRICT, WITHOUT ROWID;

-- The reports that tell acts of one upon another, and how many.
CREATE TABLE pair_report (
  actor     TEXT NOT NULL,
  recipient TEXT NOT NULL,
  day       INTEGER NOT NULL,         -- of the report
  doc       INTEGER NOT NULL,
  acts      INTEGER NOT NULL,
  PRIMARY KEY (actor, recipient, day, doc)
) STRICT, WITHOUT ROWID;

-- Acts told as real from one to another, by quad class: of states and organisations, and of the parties themselves.
CREATE TABLE side_tie (
  actor     TEXT NOT NULL,
  recipient TEXT NOT NULL,
  quad      TEXT NOT NULL,
  acts      INTEGER NOT NULL,
  PRIMARY KEY (actor, recipient, quad)
) STRICT, WITHOUT ROWID;
CREATE TABLE party_tie (
  actor     INTEGER NOT NULL,
  recipient INTEGER NOT NULL,
  quad      TEXT NOT NULL,
  acts      INTEGER NOT NULL,
  PRIMARY KEY (actor, recipient, quad)
) STRICT, WITHOUT ROWID;

-- Each act: who tells it and what is said about it.
CREATE TABLE act_tally (
  leader    INTEGER PRIMARY KEY,
  reports   INTEGER NOT NULL,
  claims    INTEGER NOT NULL,
  speakers  INTEGER NOT NULL,
  contested INTEGER NOT NULL,         -- 1 when one says so and another denies it
  said      TEXT                      -- day of the last report with a claim on it
) STRICT;
CREATE INDEX act_tally_reports ON act_tally(reports) WHERE reports > 1;
CREATE INDEX act_tally_topic ON act_tally(contested DESC, speakers DESC, said DESC, leader) WHERE claims > 1;

CREATE TABLE story_tally (
  story   INTEGER PRIMARY KEY,
  reports INTEGER NOT NULL,
  last    TEXT
) STRICT;
CREATE INDEX story_tally_last ON story_tally(last DESC, story) WHERE reports > 1;

-- Events by the states that take part: each ordered pair of them, the same twice included, and '*' twice for any.
CREATE TABLE event_tally (
  one       TEXT NOT NULL,
  other     TEXT NOT NULL,
  type      TEXT NOT NULL,
  quad      TEXT NOT NULL,
  status    TEXT NOT NULL,
  certainty TEXT NOT NULL,
  events    INTEGER NOT NULL,
  PRIMARY KEY (one, other, type, quad, status, certainty)
) STRICT, WITHOUT ROWID;

-- Events by day, of each state that takes part and, under '*', of any; those that did not and will not happen are left out.
CREATE TABLE day_tally (
  state  TEXT NOT NULL,
  day    TEXT NOT NULL,
  type   TEXT NOT NULL,
  quad   TEXT NOT NULL,
  events INTEGER NOT NULL,
  PRIMARY KEY (state, day, type, quad)
) STRICT, WITHOUT ROWID;

CREATE TABLE place_tally (
  place  TEXT NOT NULL,               -- JSON: name, country, lat, lon
  quad   TEXT NOT NULL,
  events INTEGER NOT NULL,
  PRIMARY KEY (place, quad)
) STRICT, WITHOUT ROWID;

CREATE TABLE actor_tally (
  entity    INTEGER PRIMARY KEY,
  parts     INTEGER NOT NULL,         -- sides of events that it is on
  acts      INTEGER NOT NULL,
  receives  INTEGER NOT NULL,
  documents INTEGER NOT NULL
) STRICT;
CREATE TABLE actor_day (
  entity INTEGER NOT NULL,
  day    TEXT NOT NULL,
  parts  INTEGER NOT NULL,
  PRIMARY KEY (entity, day)
) STRICT, WITHOUT ROWID;

-- Claims by the states of those who say it and hear it, as in event_tally.
CREATE TABLE claim_tally (
  one    TEXT NOT NULL,
  other  TEXT NOT NULL,
  stance TEXT NOT NULL,
  claims INTEGER NOT NULL,
  PRIMARY KEY (one, other, stance)
) STRICT, WITHOUT ROWID;

CREATE TABLE report_tally (
  key     TEXT NOT NULL,              -- lang, source
  value   TEXT NOT NULL,
  reports INTEGER NOT NULL,
  PRIMARY KEY (key, value)
) STRICT, WITHOUT ROWID;

-- Parties are looked for by the key of an organisation as well as by that of a state.
CREATE INDEX event_party_org ON event_party(org, side) WHERE org IS NOT NULL;
CREATE INDEX claim_party_org ON claim_party(org, side) WHERE org IS NOT NULL;
