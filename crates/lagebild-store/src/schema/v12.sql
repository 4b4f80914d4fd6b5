-- Format 12: claims name the entry of the lexicon that found them. There are many claims and few entries, so each id is kept once.

CREATE TABLE rule (
  rule INTEGER PRIMARY KEY,
  id   TEXT NOT NULL UNIQUE
) STRICT;
ALTER TABLE claim ADD COLUMN rule INTEGER REFERENCES rule;  -- NULL: read before this format

DROP VIEW claims;
CREATE VIEW claims AS
  SELECT d.id || '#' || c.id AS "key", d.id AS document, c.id, c.stance, c.quote, c.cue_text AS cue,
         substr(d.text, c.content_start + 1, c.content_end - c.content_start) AS content,
         substr(d.text, c.start + 1, c."end" - c.start) AS text, c.start, c."end",
         h.text AS holder, h.name AS holder_name, hx.id AS holder_entity, h.country AS holder_country,
         h.org AS holder_org, h.roles AS holder_roles, h.code AS holder_code,
         a.text AS addressee, a.name AS addressee_name, ax.id AS addressee_entity, a.country AS addressee_country,
         r.id AS rule, d.published, d.source
    FROM claim c JOIN document d USING (doc) LEFT JOIN rule r ON r.rule = c.rule
    LEFT JOIN claim_party h ON h.claim = c.claim AND h.side = 'holder' LEFT JOIN entity hx ON hx.entity = h.entity
    LEFT JOIN claim_party a ON a.claim = c.claim AND a.side = 'addressee' LEFT JOIN entity ax ON ax.entity = a.entity;
