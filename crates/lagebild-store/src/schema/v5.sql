-- Format 5: saved searches. Times are UTC, ISO 8601.

CREATE TABLE saved_search (
  search      INTEGER PRIMARY KEY,
  name        TEXT NOT NULL UNIQUE,
  list        TEXT NOT NULL CHECK (list IN ('documents', 'events')),
  filter      TEXT NOT NULL,              -- JSON: [[key, value], …], as in the address of a list
  created_at  TEXT NOT NULL,
  looked_at   TEXT NOT NULL,              -- when the store was last gone through for it
  hook        TEXT,                       -- URL that new hits are sent to
  hook_secret TEXT                        -- signs what is sent
) STRICT;

-- What a search has found, once for ever. An event is known by its report, type and place, which outlast another reading;
-- a report has no type and no place.
CREATE TABLE search_hit (
  search   INTEGER NOT NULL REFERENCES saved_search ON DELETE CASCADE,
  document TEXT NOT NULL,
  type     TEXT NOT NULL,
  at       INTEGER NOT NULL,
  found_at TEXT NOT NULL,
  shown    INTEGER NOT NULL,              -- 1 when it was shown, or was there before the search
  PRIMARY KEY (search, document, type, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_hit_new ON search_hit(search) WHERE NOT shown;

-- What is sent to hooks, and how it went.
CREATE TABLE delivery (
  delivery INTEGER PRIMARY KEY,
  search   INTEGER NOT NULL REFERENCES saved_search ON DELETE CASCADE,
  id       TEXT NOT NULL UNIQUE,          -- the same at each attempt, so that receivers know what they have
  body     BLOB,                          -- JSON (zstd) until it arrived
  hits     INTEGER NOT NULL,
  made_at  TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  due      TEXT,                          -- the next attempt; NULL when it arrived
  done_at  TEXT,                          -- when it arrived
  reason   TEXT                           -- of the last failure
) STRICT;
CREATE INDEX delivery_search ON delivery(search);
CREATE INDEX delivery_due ON delivery(due) WHERE due IS NOT NULL;

-- Searches look at what changed since they looked last.
CREATE INDEX document_changed ON document(changed_at);

CREATE VIEW saved_searches AS
  SELECT s.name, s.list, s.filter, s.created_at, s.looked_at,
         (SELECT count(*) FROM search_hit h WHERE h.search = s.search) AS hits,
         (SELECT count(*) FROM search_hit h WHERE h.search = s.search AND NOT h.shown) AS new
    FROM saved_search s;

CREATE VIEW deliveries AS
  SELECT s.name AS search, d.id, d.hits, d.made_at, d.attempts, d.due, d.done_at, d.reason
    FROM delivery d JOIN saved_search s USING (search);
