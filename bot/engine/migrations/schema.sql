-- What the numbered files of this folder add up to. Generated: python -m tests.schema

CREATE TABLE engine_inbox (
    platform TEXT NOT NULL,
    event TEXT NOT NULL,               -- the platform's own id of the update, interaction or message
    at INTEGER NOT NULL,               -- Unix seconds
    PRIMARY KEY (platform, event)
) STRICT;

CREATE INDEX engine_inbox_at ON engine_inbox (at);
