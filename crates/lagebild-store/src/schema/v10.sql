-- Format 10: events are looked at in narrow rows under filters of which no sums are kept. What these hold is said in tallies.rs;
-- the program fills them, because it finds another version of its sums.

-- What events are counted by: each set of codes and states once.
CREATE TABLE event_class (
  class     INTEGER PRIMARY KEY,
  states    TEXT NOT NULL,            -- in order, separated by spaces
  type      TEXT NOT NULL,
  quad      TEXT NOT NULL,
  status    TEXT NOT NULL,
  certainty TEXT NOT NULL,
  UNIQUE (states, type, quad, status, certainty)
) STRICT;

CREATE TABLE event_brief (
  event   INTEGER PRIMARY KEY,
  doc     INTEGER NOT NULL,
  leader  INTEGER,                    -- the event that leads its act
  class   INTEGER NOT NULL,
  day     TEXT,
  last    TEXT,                       -- as in day_tally; NULL when it is the day
  parties TEXT                        -- entities, those acted upon with a minus
) STRICT;
CREATE TRIGGER event_brief_leader AFTER UPDATE OF leader ON act WHEN new.leader IS NOT old.leader BEGIN
  UPDATE event_brief SET leader = new.leader WHERE event = new.event;
END;

-- Claims by the day of their report, of each state that says or hears it and, under '*', of any.
CREATE TABLE claim_day (
  state  TEXT NOT NULL,
  day    TEXT NOT NULL,               -- '' when the report has none
  stance TEXT NOT NULL,
  claims INTEGER NOT NULL,
  PRIMARY KEY (state, day, stance)
) STRICT, WITHOUT ROWID;

-- Places, and what reports are counted by.
CREATE INDEX event_place_country ON event(place_country) WHERE place_country IS NOT NULL;
CREATE INDEX event_place_name ON event(place_name) WHERE place_name IS NOT NULL;
CREATE INDEX document_about ON document(source, lang);
