-- From the filled tables to the schema that is searched. Run statement by statement, each with its time.
-- offers found on both sides, numbered by subject: hits of the same words lie beside each other in tables and indexes
CREATE TABLE ids AS SELECT row_number() OVER (ORDER BY b, title COLLATE "C", key COLLATE "C")::int4 AS id, line, action, key
    FROM truth JOIN told USING (action);
CREATE UNIQUE INDEX ids_line ON ids (line);
-- page texts: one each, fetched for twenty hits
CREATE TABLE offer (id int4, card bytea COMPRESSION lz4);
INSERT INTO offer SELECT id, convert_to(card, 'UTF8') FROM ids JOIN told_card USING (key) ORDER BY id;
ALTER TABLE offer ADD PRIMARY KEY (id);
-- facets as interned sets: an offer has the numbers of four combinations of values
CREATE UNLOGGED TABLE src AS SELECT i.id, t.region, t.level, t.provider, t.rome, t.a, t.b || d.nsf AS b,
    t.u || d.rhythm AS u, t.c FROM ids i JOIN truth t USING (line) JOIN told d ON d.action = i.action;
CREATE TABLE facet_set AS SELECT row_number() OVER ()::int4 AS id, codes
    FROM (SELECT a AS codes FROM src UNION SELECT b FROM src UNION SELECT u FROM src UNION SELECT c FROM src) x;
ALTER TABLE facet_set ADD PRIMARY KEY (id);
ANALYZE facet_set;
CREATE TABLE counted AS SELECT s.id, a.id AS sa, b.id AS sb, u.id AS su, c.id AS sc, s.provider FROM src s
    JOIN facet_set a ON a.codes = s.a JOIN facet_set b ON b.codes = s.b
    JOIN facet_set u ON u.codes = s.u JOIN facet_set c ON c.codes = s.c ORDER BY s.id;
ALTER TABLE counted ADD PRIMARY KEY (id);
-- words: a narrow weighted vector for the rank, and one of all texts for the condition, without positions
CREATE TABLE hot AS SELECT i.id, s.region, s.level, s.provider, n.sa, n.sb, n.su, n.sc, s.rome,
    setweight(to_tsvector('fr', d.title), 'A') || setweight(to_tsvector('fr', d.subjects), 'B')
        || setweight(to_tsvector('fr', d.provider), 'D') AS tsv,
    strip(to_tsvector('fr', concat_ws(' ', d.title, d.subjects, d.provider, d.body))) AS tall
    FROM ids i JOIN src s USING (id) JOIN counted n USING (id) JOIN told d ON d.action = i.action ORDER BY i.id;
ALTER TABLE hot ADD PRIMARY KEY (id);
CREATE INDEX hot_tall ON hot USING gin (tall) WITH (fastupdate = off);
CREATE INDEX hot_rome ON hot USING gin (rome gin__int_ops) WITH (fastupdate = off);
CREATE INDEX hot_region ON hot (region);
CREATE INDEX hot_level ON hot (level);
ALTER TABLE appellation ADD tsv tsvector GENERATED ALWAYS AS (to_tsvector('fr', label)) STORED;
CREATE INDEX appellation_tsv ON appellation USING gin (tsv);
-- (session, funder) rows, neighbours in space beside each other, covered by the index of each kind of question
CREATE TABLE pair AS SELECT i.id AS offer_id, p.funder, p.lo, p.slast, p.hi, p.state, p.seats_left, p.seat_rows, p.fixed,
    n.sa, n.sb, n.su, n.provider, t.remote, CASE WHEN NOT t.remote THEN ST_SetSRID(ST_MakePoint(t.lon, t.lat), 4326) END AS geom
    FROM truth_pair p JOIN ids i USING (line) JOIN truth t USING (line) JOIN counted n USING (id)
    ORDER BY remote, geom, offer_id, funder;
CREATE INDEX pair_offer ON pair (offer_id) INCLUDE (funder, lo, slast, hi, state, seats_left, seat_rows);
CREATE INDEX pair_fixed ON pair (funder, lo)
    INCLUDE (hi, offer_id, state, slast, seats_left, seat_rows, sa, sb, su, provider) WHERE fixed;
-- most sessions of permanent entry can start in most windows: in the order of offers they need no hash to be grouped
CREATE INDEX pair_open ON pair (funder, offer_id)
    INCLUDE (lo, hi, state, slast, seats_left, seat_rows, sa, sb, su, provider) WHERE NOT fixed;
CREATE INDEX left_fixed ON pair (lo) INCLUDE (hi, offer_id, funder, seats_left) WHERE fixed AND funder > 0 AND seats_left >= 1;
CREATE INDEX left_open ON pair (offer_id) INCLUDE (lo, hi, funder, seats_left) WHERE NOT fixed AND funder > 0 AND seats_left >= 1;
CREATE INDEX near_fixed ON pair USING gist (geom, lo) WHERE fixed AND NOT remote;
CREATE INDEX near_open ON pair USING gist (geom, lo) WHERE NOT fixed AND NOT remote;
CREATE INDEX far_fixed ON pair (lo)
    INCLUDE (hi, offer_id, funder, state, slast, seats_left, seat_rows, sa, sb, su, provider) WHERE fixed AND remote;
CREATE INDEX far_open ON pair (lo)
    INCLUDE (hi, offer_id, funder, state, slast, seats_left, seat_rows, sa, sb, su, provider) WHERE NOT fixed AND remote;
CREATE INDEX pair_start ON pair (lo, offer_id) INCLUDE (slast) WHERE funder = 0;
-- how many days the start of a session may span: bounds the ranges of the indexes
CREATE TABLE bound AS SELECT coalesce(max(slast - lo), 0)::int4 AS span FROM pair;
DROP TABLE src, truth, truth_pair, told_card;
VACUUM ANALYZE;
