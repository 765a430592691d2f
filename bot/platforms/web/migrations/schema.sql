-- What the numbered files of this folder add up to. Generated: python -m tests.schema

CREATE TABLE web_message (
    id INTEGER PRIMARY KEY,
    chat TEXT NOT NULL,
    revision INTEGER NOT NULL,
    event TEXT NOT NULL,
    author TEXT NOT NULL,
    only_for TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL,
    text TEXT NOT NULL DEFAULT '',
    reply TEXT NOT NULL DEFAULT '',
    UNIQUE (event),
    UNIQUE (revision)
) STRICT;

CREATE INDEX web_message_by_chat ON web_message (chat, id);

CREATE INDEX web_message_by_change ON web_message (chat, revision);
