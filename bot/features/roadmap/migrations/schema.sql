-- What the numbered files of this folder add up to. Generated: python -m tests.schema

CREATE TABLE roadmap_status (
    person_id INTEGER NOT NULL,
    topic TEXT NOT NULL,               -- topic id of the curriculum
    status TEXT NOT NULL CHECK (status IN ('learning', 'done')),
    since INTEGER NOT NULL,            -- Unix seconds
    PRIMARY KEY (person_id, topic)
) STRICT;

CREATE TABLE roadmap_change (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL,
    at INTEGER NOT NULL,               -- Unix seconds
    undone_at INTEGER
) STRICT;

CREATE INDEX roadmap_change_person ON roadmap_change (person_id);

CREATE TABLE roadmap_change_topic (
    change_id INTEGER NOT NULL REFERENCES roadmap_change (id),
    topic TEXT NOT NULL,
    before TEXT NOT NULL,
    before_since INTEGER,
    after TEXT NOT NULL,
    record_id INTEGER,                 -- the ledger's record, taken back with the change
    PRIMARY KEY (change_id, topic)
) STRICT;

CREATE TABLE roadmap_snooze (
    person_id INTEGER NOT NULL,
    topic TEXT NOT NULL,
    until INTEGER NOT NULL,            -- Unix seconds
    PRIMARY KEY (person_id, topic)
) STRICT;
