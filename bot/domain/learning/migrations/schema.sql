-- What the numbered files of this folder add up to. Generated: python -m tests.schema

CREATE TABLE learning_record (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL,
    community_id INTEGER,              -- where it happened; NULL in private
    topic TEXT NOT NULL,               -- topic id of the curriculum
    deed TEXT NOT NULL CHECK (deed IN ('started', 'finished', 'studied', 'answered', 'reviewed', 'attended', 'retracted')),
    at INTEGER NOT NULL,               -- Unix seconds
    day TEXT NOT NULL,                 -- the person's own study day, ISO
    minutes INTEGER,                   -- time spent, where known
    score REAL CHECK (score BETWEEN 0 AND 1),
    source TEXT NOT NULL,              -- the feature that wrote it
    retracts INTEGER REFERENCES learning_record (id)
, is_chosen INTEGER NOT NULL DEFAULT 1) STRICT;

CREATE INDEX learning_record_person ON learning_record (person_id, topic);

CREATE UNIQUE INDEX learning_record_retracts ON learning_record (retracts) WHERE retracts IS NOT NULL;

CREATE TABLE learning_week (
    community_id INTEGER NOT NULL,
    began INTEGER NOT NULL,            -- Unix seconds: when the week began, counted from 1970-01-01
    topic TEXT NOT NULL,
    deeds INTEGER NOT NULL,            -- chosen and not taken back
    answers INTEGER NOT NULL,          -- deeds with a score
    score REAL NOT NULL,               -- their sum
    PRIMARY KEY (community_id, began, topic)
) STRICT;

CREATE INDEX learning_week_began ON learning_week (began);
