-- Format 4: a reading is kept once. Events, claims and agreements are their rows; what no list asks for alone (sentences,
-- entities with their mentions, times, notes) is packed beside the report. The record of the JSON contract is put together
-- from both. Former versions of a report stay whole records.

CREATE TABLE reading (
  doc       INTEGER PRIMARY KEY REFERENCES document ON DELETE CASCADE,
  sentences BLOB NOT NULL,            -- packed::pack_sentences
  rest      BLOB NOT NULL             -- packed::Rest: JSON, zstd
) STRICT;
INSERT INTO reading SELECT doc, sentences_of_record(record), rest_of_record(record) FROM document;

DROP VIEW sentences;
DROP VIEW entity_mentions;
DROP VIEW times;
DROP VIEW notes;
DROP TABLE entity_mention;
DROP TABLE document_entity;
DROP TABLE sentence;
DROP TABLE time;
DROP TABLE note;
ALTER TABLE document DROP COLUMN record;

-- Of entities, those that act, are acted upon, speak or are spoken to: that is what lists and filters look for.
CREATE TEMP TABLE used AS
  SELECT entity FROM event_party WHERE entity IS NOT NULL UNION SELECT entity FROM claim_party WHERE entity IS NOT NULL;
DELETE FROM entity_name WHERE entity NOT IN (SELECT entity FROM temp.used);
DELETE FROM entity WHERE entity NOT IN (SELECT entity FROM temp.used);
DROP TABLE temp.used;

-- These four need the functions of the program (packed.rs).

CREATE VIEW sentences AS
  SELECT d.id AS document, s.key AS n, s.value ->> 0 AS start, s.value ->> 1 AS "end",
         substr(d.text, (s.value ->> 0) + 1, (s.value ->> 1) - (s.value ->> 0)) AS text
    FROM document d JOIN reading r USING (doc), json_each(sentences_json(r.sentences)) s;

CREATE VIEW entity_mentions AS
  SELECT d.id AS document, m.value ->> 0 AS entity, m.value ->> 1 AS start, m.value ->> 2 AS "end",
         substr(d.text, (m.value ->> 1) + 1, (m.value ->> 2) - (m.value ->> 1)) AS text
    FROM document d JOIN reading r USING (doc), json_each(rest_json(r.rest), '$.mentions') m;

CREATE VIEW times AS
  SELECT d.id AS document, t.value ->> 0 AS start, t.value ->> 1 AS "end",
         substr(d.text, (t.value ->> 0) + 1, (t.value ->> 1) - (t.value ->> 0)) AS text,
         t.value ->> 2 AS type, t.value ->> 3 AS value, t.value ->> 4 AS date_from, t.value ->> 5 AS date_to
    FROM document d JOIN reading r USING (doc), json_each(rest_json(r.rest), '$.times') t;

CREATE VIEW notes AS
  SELECT d.id AS document, n.value ->> 'code' AS code, n.value ->> 'message' AS message, n.value ->> 'start' AS start,
         n.value ->> 'end' AS "end"
    FROM document d JOIN reading r USING (doc), json_each(rest_json(r.rest), '$.notes') n;
