-- Format 1. Offsets are code points into document.text; days are ISO 8601; times are UTC, ISO 8601.

-- What came in, byte for byte, before anything was made of it.
CREATE TABLE raw (
  raw         INTEGER PRIMARY KEY,
  hash        BLOB NOT NULL UNIQUE,   -- BLAKE3 of the bytes and the hints
  size        INTEGER NOT NULL,       -- bytes before compression
  bytes       BLOB NOT NULL,          -- zstd
  source      TEXT,                   -- file name or URL
  hints       TEXT NOT NULL,          -- what the user told about it (JSON)
  received_at TEXT NOT NULL,
  state       TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'read', 'failed')),
  error       TEXT
) STRICT;
CREATE INDEX raw_unread ON raw(state) WHERE state <> 'read';

-- A version of what read the reports.
CREATE TABLE engine (
  engine  INTEGER PRIMARY KEY,
  version TEXT NOT NULL,
  lexicon TEXT NOT NULL,
  model   TEXT NOT NULL,
  UNIQUE (version, lexicon, model)
) STRICT;

CREATE TABLE document (
  doc        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  raw        INTEGER NOT NULL REFERENCES raw,
  engine     INTEGER NOT NULL REFERENCES engine,
  revision   INTEGER NOT NULL DEFAULT 1,
  source     TEXT,
  url        TEXT,
  title      TEXT,
  published  TEXT,
  lang       TEXT NOT NULL,
  added_at   TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  text       TEXT NOT NULL,
  record     BLOB NOT NULL            -- the JSON contract, zstd
) STRICT;
CREATE INDEX document_published ON document(published DESC, doc DESC);
CREATE INDEX document_raw ON document(raw);

-- Earlier versions of documents whose text changed.
CREATE TABLE revision (
  doc         INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  revision    INTEGER NOT NULL,
  raw         INTEGER NOT NULL REFERENCES raw,
  replaced_at TEXT NOT NULL,
  record      BLOB NOT NULL,
  PRIMARY KEY (doc, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX revision_raw ON revision(raw);

CREATE TABLE sentence (
  doc   INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  n     INTEGER NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  PRIMARY KEY (doc, n)
) STRICT, WITHOUT ROWID;

-- Entities over all documents, by id.
CREATE TABLE entity (
  entity  INTEGER PRIMARY KEY,
  id      TEXT NOT NULL UNIQUE,
  name    TEXT NOT NULL,
  kind    TEXT NOT NULL,
  country TEXT,
  org     TEXT
) STRICT;

-- Names by which entities were seen, folded (case, umlauts, accents).
CREATE TABLE entity_name (
  folded TEXT NOT NULL,
  entity INTEGER NOT NULL REFERENCES entity,
  PRIMARY KEY (folded, entity)
) STRICT, WITHOUT ROWID;

CREATE TABLE document_entity (
  doc     INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  n       INTEGER NOT NULL,
  entity  INTEGER NOT NULL REFERENCES entity,
  name    TEXT NOT NULL,
  country TEXT,
  org     TEXT,
  roles   TEXT NOT NULL,
  PRIMARY KEY (doc, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_entity_entity ON document_entity(entity);

CREATE TABLE entity_mention (
  doc   INTEGER NOT NULL,
  n     INTEGER NOT NULL,             -- of document_entity
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  PRIMARY KEY (doc, n, start, "end"),
  FOREIGN KEY (doc, n) REFERENCES document_entity ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
  event         INTEGER PRIMARY KEY,
  doc           INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  id            TEXT NOT NULL,        -- e1, e2 … within the document
  type          TEXT NOT NULL,
  mode          TEXT,
  content       TEXT,
  status        TEXT NOT NULL,
  certainty     TEXT NOT NULL,
  date_from     TEXT,
  date_to       TEXT,
  date_text     TEXT,
  date_implicit INTEGER NOT NULL,
  place_text    TEXT,
  place_name    TEXT,
  place_country TEXT,
  place_lat     REAL,
  place_lon     REAL,
  claim         TEXT,                 -- id of the claim within the document
  quad          TEXT NOT NULL,
  cameo         TEXT NOT NULL,
  goldstein     REAL,
  plover_score  REAL NOT NULL,
  rule          TEXT NOT NULL,
  context       TEXT NOT NULL,
  day           TEXT,                 -- for order: date_from, else the day of publication
  UNIQUE (doc, id)
) STRICT;
CREATE INDEX event_day ON event(day DESC, doc DESC, event);
CREATE INDEX event_type ON event(type, day DESC, doc DESC, event);

CREATE TABLE event_party (
  event   INTEGER NOT NULL REFERENCES event ON DELETE CASCADE,
  side    TEXT NOT NULL CHECK (side IN ('actor', 'recipient')),
  n       INTEGER NOT NULL,
  entity  INTEGER REFERENCES entity,
  name    TEXT,
  country TEXT,
  org     TEXT,
  roles   TEXT NOT NULL,
  code    TEXT,
  text    TEXT NOT NULL,
  start   INTEGER,
  "end"   INTEGER,
  PRIMARY KEY (event, side, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_party_entity ON event_party(entity, side);
CREATE INDEX event_party_country ON event_party(country, side);

CREATE TABLE event_quantity (
  event    INTEGER NOT NULL REFERENCES event ON DELETE CASCADE,
  n        INTEGER NOT NULL,
  value    REAL NOT NULL,
  thing    TEXT NOT NULL,
  kind     TEXT NOT NULL,
  modifier TEXT NOT NULL,
  start    INTEGER NOT NULL,
  "end"    INTEGER NOT NULL,
  PRIMARY KEY (event, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_mention (
  event         INTEGER NOT NULL REFERENCES event ON DELETE CASCADE,
  n             INTEGER NOT NULL,
  start         INTEGER NOT NULL,
  "end"         INTEGER NOT NULL,
  trigger_start INTEGER NOT NULL,
  trigger_end   INTEGER NOT NULL,
  trigger_text  TEXT NOT NULL,
  PRIMARY KEY (event, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim (
  claim         INTEGER PRIMARY KEY,
  doc           INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  id            TEXT NOT NULL,        -- c1, c2 … within the document
  stance        TEXT NOT NULL,
  quote         INTEGER NOT NULL,
  cue_start     INTEGER NOT NULL,
  cue_end       INTEGER NOT NULL,
  cue_text      TEXT NOT NULL,
  content_start INTEGER NOT NULL,
  content_end   INTEGER NOT NULL,
  start         INTEGER NOT NULL,
  "end"         INTEGER NOT NULL,
  UNIQUE (doc, id)
) STRICT;

CREATE TABLE claim_party (
  claim   INTEGER NOT NULL REFERENCES claim ON DELETE CASCADE,
  side    TEXT NOT NULL CHECK (side IN ('holder', 'addressee')),
  entity  INTEGER REFERENCES entity,
  name    TEXT,
  country TEXT,
  org     TEXT,
  roles   TEXT NOT NULL,
  code    TEXT,
  text    TEXT NOT NULL,
  start   INTEGER,
  "end"   INTEGER,
  PRIMARY KEY (claim, side)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_party_entity ON claim_party(entity, side);
CREATE INDEX claim_party_country ON claim_party(country, side);

CREATE TABLE claim_event (
  claim INTEGER NOT NULL REFERENCES claim ON DELETE CASCADE,
  event INTEGER NOT NULL REFERENCES event ON DELETE CASCADE,
  PRIMARY KEY (claim, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_event_event ON claim_event(event);

CREATE TABLE agreement (
  agreement INTEGER PRIMARY KEY,
  doc       INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  id        TEXT NOT NULL,            -- a1, a2 … within the document
  name      TEXT,
  canonical TEXT,
  kind      TEXT NOT NULL,
  UNIQUE (doc, id)
) STRICT;

CREATE TABLE agreement_party (
  agreement INTEGER NOT NULL REFERENCES agreement ON DELETE CASCADE,
  n         INTEGER NOT NULL,
  party     TEXT NOT NULL,            -- ISO 3166-1 alpha-3 or organisation key
  PRIMARY KEY (agreement, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX agreement_party_party ON agreement_party(party);

CREATE TABLE agreement_step (
  agreement     INTEGER NOT NULL REFERENCES agreement ON DELETE CASCADE,
  n             INTEGER NOT NULL,
  step          TEXT NOT NULL,
  "by"          TEXT NOT NULL,
  date_from     TEXT,
  date_to       TEXT,
  date_text     TEXT,
  date_implicit INTEGER NOT NULL,
  place         TEXT,
  start         INTEGER NOT NULL,
  "end"         INTEGER NOT NULL,
  PRIMARY KEY (agreement, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE agreement_obligation (
  agreement INTEGER NOT NULL REFERENCES agreement ON DELETE CASCADE,
  n         INTEGER NOT NULL,
  kind      TEXT NOT NULL,
  who       TEXT NOT NULL,
  condition TEXT,
  start     INTEGER NOT NULL,
  "end"     INTEGER NOT NULL,
  PRIMARY KEY (agreement, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE agreement_mention (
  agreement INTEGER NOT NULL REFERENCES agreement ON DELETE CASCADE,
  n         INTEGER NOT NULL,
  start     INTEGER NOT NULL,
  "end"     INTEGER NOT NULL,
  PRIMARY KEY (agreement, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE time (
  doc       INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  n         INTEGER NOT NULL,
  start     INTEGER NOT NULL,
  "end"     INTEGER NOT NULL,
  text      TEXT NOT NULL,
  type      TEXT NOT NULL,
  value     TEXT NOT NULL,
  date_from TEXT,
  date_to   TEXT,
  PRIMARY KEY (doc, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
  doc     INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
  n       INTEGER NOT NULL,
  code    TEXT NOT NULL,
  message TEXT NOT NULL,
  start   INTEGER NOT NULL,
  "end"   INTEGER NOT NULL,
  PRIMARY KEY (doc, n)
) STRICT, WITHOUT ROWID;

-- Facts about the store itself.
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Full text, contentless: our own analyser writes the terms, document.text stays the only copy of the text. The ascii
-- tokenizer splits at the spaces that the analyser puts between terms and at nothing else within them.
CREATE VIRTUAL TABLE fulltext USING fts5(
  title, body, more, content = '', contentless_delete = 1, tokenize = 'ascii'
);
INSERT INTO fulltext(fulltext, rank) VALUES ('rank', 'bm25(4.0, 1.0, 0.5)');

-- The documented views.

CREATE VIEW documents AS
  SELECT d.id, d.title, d.published, d.lang, d.source, d.url, d.added_at, d.changed_at, d.revision, d.text,
         g.version AS engine_version, g.lexicon AS engine_lexicon, g.model AS engine_model
    FROM document d JOIN engine g USING (engine);

CREATE VIEW sentences AS
  SELECT d.id AS document, s.n, s.start, s."end", substr(d.text, s.start + 1, s."end" - s.start) AS text
    FROM sentence s JOIN document d USING (doc);

CREATE VIEW entities AS
  SELECT id, name, kind, country, org FROM entity;

CREATE VIEW entity_mentions AS
  SELECT d.id AS document, e.id AS entity, m.start, m."end", substr(d.text, m.start + 1, m."end" - m.start) AS text
    FROM entity_mention m JOIN document_entity x USING (doc, n) JOIN entity e USING (entity) JOIN document d USING (doc);

CREATE VIEW events AS
  SELECT d.id || '#' || e.id AS "key", d.id AS document, e.id, e.type, e.mode, e.content, e.status, e.certainty,
         e.date_from, e.date_to, e.date_text, e.date_implicit, e.place_text, e.place_name, e.place_country,
         e.place_lat, e.place_lon, CASE WHEN e.claim IS NOT NULL THEN d.id || '#' || e.claim END AS claim, e.quad,
         e.cameo, e.goldstein, e.plover_score, e.rule, e.context, d.published, d.source,
         (SELECT substr(d.text, m.start + 1, m."end" - m.start) FROM event_mention m
           WHERE m.event = e.event ORDER BY m.n LIMIT 1) AS text
    FROM event e JOIN document d USING (doc);

CREATE VIEW event_parties AS
  SELECT d.id || '#' || e.id AS event, p.side, p.n, x.id AS entity, p.name, p.country, p.org, p.roles, p.code, p.text,
         p.start, p."end"
    FROM event_party p JOIN event e USING (event) JOIN document d USING (doc) LEFT JOIN entity x USING (entity);

CREATE VIEW event_mentions AS
  SELECT d.id || '#' || e.id AS event, m.n, m.start, m."end", substr(d.text, m.start + 1, m."end" - m.start) AS text,
         m.trigger_start, m.trigger_end, m.trigger_text
    FROM event_mention m JOIN event e USING (event) JOIN document d USING (doc);

CREATE VIEW event_quantities AS
  SELECT d.id || '#' || e.id AS event, q.value, q.thing, q.kind, q.modifier, q.start, q."end"
    FROM event_quantity q JOIN event e USING (event) JOIN document d USING (doc);

CREATE VIEW claims AS
  SELECT d.id || '#' || c.id AS "key", d.id AS document, c.id, c.stance, c.quote, c.cue_text AS cue,
         substr(d.text, c.content_start + 1, c.content_end - c.content_start) AS content,
         substr(d.text, c.start + 1, c."end" - c.start) AS text, c.start, c."end",
         h.text AS holder, h.name AS holder_name, hx.id AS holder_entity, h.country AS holder_country,
         h.org AS holder_org, h.roles AS holder_roles, h.code AS holder_code,
         a.text AS addressee, a.name AS addressee_name, ax.id AS addressee_entity, a.country AS addressee_country,
         d.published, d.source
    FROM claim c JOIN document d USING (doc)
    LEFT JOIN claim_party h ON h.claim = c.claim AND h.side = 'holder' LEFT JOIN entity hx ON hx.entity = h.entity
    LEFT JOIN claim_party a ON a.claim = c.claim AND a.side = 'addressee' LEFT JOIN entity ax ON ax.entity = a.entity;

CREATE VIEW claim_events AS
  SELECT d.id || '#' || c.id AS claim, d.id || '#' || e.id AS event
    FROM claim_event x JOIN claim c USING (claim) JOIN event e USING (event) JOIN document d ON d.doc = c.doc;

CREATE VIEW agreements AS
  SELECT d.id || '#' || a.id AS "key", d.id AS document, a.id, a.name, a.canonical, a.kind,
         (SELECT group_concat(party, ' ') FROM (SELECT party FROM agreement_party p
           WHERE p.agreement = a.agreement ORDER BY n)) AS parties,
         d.published, d.source
    FROM agreement a JOIN document d USING (doc);

CREATE VIEW agreement_steps AS
  SELECT d.id || '#' || a.id AS agreement, s.n, s.step, s."by", s.date_from, s.date_to, s.date_text, s.date_implicit,
         s.place, substr(d.text, s.start + 1, s."end" - s.start) AS text, s.start, s."end"
    FROM agreement_step s JOIN agreement a USING (agreement) JOIN document d USING (doc);

CREATE VIEW agreement_obligations AS
  SELECT d.id || '#' || a.id AS agreement, o.n, o.kind, o.who, o.condition,
         substr(d.text, o.start + 1, o."end" - o.start) AS text, o.start, o."end"
    FROM agreement_obligation o JOIN agreement a USING (agreement) JOIN document d USING (doc);

CREATE VIEW times AS
  SELECT d.id AS document, t.start, t."end", t.text, t.type, t.value, t.date_from, t.date_to
    FROM time t JOIN document d USING (doc);

CREATE VIEW notes AS
  SELECT d.id AS document, n.code, n.message, n.start, n."end"
    FROM note n JOIN document d USING (doc);

CREATE VIEW revisions AS
  SELECT d.id AS document, r.revision, r.replaced_at
    FROM revision r JOIN document d USING (doc);
