-- Format 8: further sums, for speakers, actors and pairs. What each of them counts is said in tallies.rs; the program fills
-- them, because it finds another version of its sums.

-- Claims by who makes them, an entity by its id and others by their words, and by stance; '*' for any.
CREATE TABLE speaker_tally (
  speaker TEXT NOT NULL,
  stance  TEXT NOT NULL,
  claims  INTEGER NOT NULL,
  PRIMARY KEY (speaker, stance)
) STRICT, WITHOUT ROWID;
CREATE INDEX speaker_tally_most ON speaker_tally(claims DESC, speaker) WHERE stance = '*';

-- The reports in which somebody speaks: first and last day, and where to find the name that the last one gives.
CREATE TABLE speaker_report (
  speaker TEXT NOT NULL,
  day     TEXT NOT NULL,              -- of the report; '~', after all days, when it has none
  doc     INTEGER NOT NULL,
  claims  INTEGER NOT NULL,
  sided   INTEGER NOT NULL,           -- of them, those that say for which state or organisation
  PRIMARY KEY (speaker, day, doc)
) STRICT, WITHOUT ROWID;

-- The acts that somebody speaks of, by how that stands to what others say.
CREATE TABLE speaker_act (
  speaker      TEXT PRIMARY KEY,
  acts         INTEGER NOT NULL,
  told         INTEGER NOT NULL,
  shared       INTEGER NOT NULL,
  confirmed    INTEGER NOT NULL,
  denied       INTEGER NOT NULL,
  alone        INTEGER NOT NULL,
  denials      INTEGER NOT NULL,
  contradicted INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Events in which one acts on another.
CREATE TABLE upon_tally (
  actor     INTEGER NOT NULL,
  recipient INTEGER NOT NULL,
  events    INTEGER NOT NULL,
  PRIMARY KEY (actor, recipient)
) STRICT, WITHOUT ROWID;
CREATE INDEX upon_tally_recipient ON upon_tally(recipient, actor);

-- Events by day in which a state or organisation acts; as in day_tally, without those that did not and will not happen.
CREATE TABLE acting_day (
  actor  TEXT NOT NULL,
  day    TEXT NOT NULL,
  quad   TEXT NOT NULL,
  events INTEGER NOT NULL,
  PRIMARY KEY (actor, day, quad)
) STRICT, WITHOUT ROWID;

-- Events between two states or organisations in the order of lists.
CREATE TABLE pair_event (
  mutual INTEGER NOT NULL,            -- 0: one acts on the other; 1: both act, each of them once as the first
  one    TEXT NOT NULL,
  other  TEXT NOT NULL,
  day    TEXT NOT NULL,               -- '' when there is none
  doc    INTEGER NOT NULL,
  event  INTEGER NOT NULL,
  parts  INTEGER NOT NULL,            -- the times that the event has such parties
  PRIMARY KEY (mutual, one, other, day DESC, doc DESC, event)
) STRICT, WITHOUT ROWID;

-- What is done to one is looked for as well as what one does.
CREATE INDEX pair_tally_recipient ON pair_tally(recipient, actor);
