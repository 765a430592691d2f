-- What the numbered files of this folder add up to. Generated: python -m tests.schema

CREATE TABLE discord_registered (
    application TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL
) STRICT;

CREATE TABLE discord_form (
    id TEXT PRIMARY KEY,
    reply TEXT NOT NULL,               -- JSON
    asked_at INTEGER NOT NULL          -- Unix seconds
) STRICT;

CREATE TABLE discord_arrived (
    event TEXT PRIMARY KEY,            -- the server and when the bot came in
    at INTEGER NOT NULL                -- Unix seconds
) STRICT;

CREATE TABLE discord_language (
    account TEXT PRIMARY KEY,
    language TEXT NOT NULL,            -- as Discord names it
    at INTEGER NOT NULL                -- Unix seconds, when it was noted
) STRICT;
