-- What COPY fills: the truth file as numbers, and what only the app tells (keys, texts, page texts). Dropped at the end.
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS intarray;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TEXT SEARCH CONFIGURATION fr (COPY = french);
ALTER TEXT SEARCH CONFIGURATION fr ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem;

CREATE TABLE facet_code (code int4 PRIMARY KEY, facet text, value text, label text);
CREATE TABLE appellation (rome int4, label text);

CREATE UNLOGGED TABLE truth (line int4, action text, remote bool, lat float8, lon float8, region int4, level int4,
    provider int4, rome int4[], a int4[], b int4[], u int4[], c int4[]);
-- A row for each session and funder of its action, and one for any funder (0).
CREATE UNLOGGED TABLE truth_pair (line int4, funder int2, lo date, slast date, hi date, state int2, seats_left int4,
    seat_rows int2, fixed bool);
CREATE UNLOGGED TABLE told (action text, key text, nsf int4[], rhythm int4[], title text, subjects text, provider text,
    body text);
CREATE UNLOGGED TABLE told_card (key text, card text);
