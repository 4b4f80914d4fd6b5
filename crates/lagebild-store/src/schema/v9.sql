-- Format 9: lists under days, codes and two states are found and counted without reading all events. What is counted is said
-- in tallies.rs; the program fills it, because it finds another version of its sums.

-- Acts by what their tellings are: the states as in event_tally, and the codes of the tellings in which they take part.
CREATE TABLE act_codes (
  one   TEXT NOT NULL,
  other TEXT NOT NULL,
  codes TEXT NOT NULL,                -- JSON: [[type, quad, status, certainty], …], in order, each once
  acts  INTEGER NOT NULL,
  PRIMARY KEY (one, other, codes)
) STRICT, WITHOUT ROWID;

-- Events by the days that they are told for, of each state that takes part and, under '*', of any.
DROP TABLE day_tally;
CREATE TABLE day_tally (
  state     TEXT NOT NULL,
  day       TEXT NOT NULL,
  last      TEXT NOT NULL,            -- '9999' when no end is told, '' when no day is
  type      TEXT NOT NULL,
  quad      TEXT NOT NULL,
  status    TEXT NOT NULL,
  certainty TEXT NOT NULL,
  events    INTEGER NOT NULL,
  PRIMARY KEY (state, day, last, type, quad, status, certainty)
) STRICT, WITHOUT ROWID;

-- Of an event with an end alone, the day is no later than that, so that all that begins by a day is found by it.
UPDATE event SET day = date_to WHERE date_from IS NULL AND (day IS NULL OR date_to < day);

-- Events that are told for more than one day.
CREATE INDEX event_long ON event(coalesce(date_to, '9999'), day) WHERE date_to IS NOT date_from;

-- Days on which reports tell acts of one upon another, and how many do: pair_report by days.
CREATE TABLE pair_day (
  actor     TEXT NOT NULL,
  recipient TEXT NOT NULL,
  day       INTEGER NOT NULL,
  reports   INTEGER NOT NULL,
  PRIMARY KEY (actor, recipient, day)
) STRICT, WITHOUT ROWID;

-- The busiest pairs of the last weeks are found without those that were busy before.
CREATE INDEX pair_tally_last ON pair_tally(last);
