-- Format 6: less room. The bytes of a report are packed beside the text that was read out of them, which tells most of them.
-- In the full text the column that most terms stand in comes first: the number of any other column is written with each
-- term of each report. The program fills it again, because it finds no version of its analysis.

ALTER TABLE raw ADD COLUMN beside INTEGER;  -- the document whose text unpacks the bytes; NULL: they stand alone
UPDATE raw SET bytes = raw_beside(raw.bytes, d.text), beside = d.doc FROM document d WHERE d.raw = raw.raw;

DROP TABLE fulltext;
CREATE VIRTUAL TABLE fulltext USING fts5(
  body, title, more, content = '', contentless_delete = 1, tokenize = 'ascii'
);
INSERT INTO fulltext(fulltext, rank) VALUES ('rank', 'bm25(1.0, 4.0, 0.5)');
DELETE FROM meta WHERE name = 'analyser';
