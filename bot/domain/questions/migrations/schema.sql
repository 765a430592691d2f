-- What the numbered files of this folder add up to. Generated: python -m tests.schema

CREATE TABLE questions_revision (
    community_id INTEGER PRIMARY KEY REFERENCES community_community (id),
    revision INTEGER NOT NULL,
    mark TEXT NOT NULL
) STRICT;

CREATE TABLE questions_change (
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    question TEXT NOT NULL,
    revision INTEGER NOT NULL,         -- the community's, from 1
    kind TEXT NOT NULL CHECK (kind IN ('plain', 'hidden', 'retired', 'fixed', 'added')),
    body TEXT NOT NULL,                -- the question as JSON; empty: as it came with Roadmate
    person_id INTEGER REFERENCES community_person (id), -- empty: done by itself, or erased since
    at INTEGER NOT NULL, undoes INTEGER,               -- Unix seconds
    UNIQUE (community_id, question, revision)
) STRICT;

CREATE INDEX questions_change_person ON questions_change (person_id);

CREATE TABLE questions_flag (
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    question TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    reason TEXT NOT NULL CHECK (reason IN ('answer', 'two', 'words', 'old', 'other')),
    note TEXT NOT NULL,
    at INTEGER NOT NULL,               -- Unix seconds
    settled_at INTEGER, settled_in INTEGER,                -- when a moderator looked; empty: nobody has
    PRIMARY KEY (community_id, question, person_id)
) STRICT;

CREATE INDEX questions_flag_person ON questions_flag (person_id);
