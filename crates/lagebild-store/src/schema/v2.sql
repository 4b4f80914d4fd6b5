-- Format 2: feeds that are watched. Times are UTC, ISO 8601.

CREATE TABLE feed (
  feed          INTEGER PRIMARY KEY,
  url           TEXT NOT NULL UNIQUE,       -- as in the list of feeds
  location      TEXT,                       -- where it moved to for good
  title         TEXT,
  watched       INTEGER NOT NULL DEFAULT 1, -- whether the list of the last run had it
  etag          TEXT,                       -- as the server sent them
  last_modified TEXT,
  next_poll     TEXT NOT NULL,
  polled_at     TEXT,                       -- last time it was asked
  read_at       TEXT,                       -- last time it answered as it should
  failures      INTEGER NOT NULL DEFAULT 0, -- in a row
  reason        TEXT                        -- of the last failure, NULL after a success
) STRICT;
CREATE INDEX feed_next_poll ON feed(next_poll) WHERE watched;

-- What stood in feeds. The text that the feed itself has of an item is kept until a report was made of it or of the page
-- behind it, so that nothing is lost in between.
CREATE TABLE feed_item (
  item      INTEGER PRIMARY KEY,
  feed      INTEGER NOT NULL REFERENCES feed ON DELETE CASCADE,
  key       TEXT NOT NULL,                  -- names it within the feed
  url       TEXT,                           -- of the page behind it, where that is to be read
  host      TEXT,                           -- of the URL
  digest    BLOB NOT NULL,                  -- BLAKE3 of what the feed says of it
  content   BLOB,                           -- what the feed says of it (zstd), while it is to be read
  due       TEXT,                           -- not to be read before; NULL when it is done
  attempts  INTEGER NOT NULL DEFAULT 0,     -- to get the page
  seen_at   TEXT NOT NULL,
  done_at   TEXT,
  reason    TEXT,                           -- why the page could not be read
  UNIQUE (feed, key)
) STRICT;
CREATE INDEX feed_item_due ON feed_item(host, due, item) WHERE due IS NOT NULL;
CREATE INDEX feed_item_url ON feed_item(url, done_at) WHERE url IS NOT NULL;

CREATE VIEW feeds AS
  SELECT f.url, f.location, f.title, f.watched, f.next_poll, f.polled_at, f.read_at, f.failures, f.reason,
         (SELECT count(*) FROM feed_item i WHERE i.feed = f.feed) AS items,
         (SELECT count(*) FROM feed_item i WHERE i.feed = f.feed AND i.due IS NOT NULL) AS waiting
    FROM feed f;

CREATE VIEW feed_items AS
  SELECT f.url AS feed, i.key, i.url, i.seen_at, i.done_at, i.attempts, i.reason
    FROM feed_item i JOIN feed f USING (feed);
