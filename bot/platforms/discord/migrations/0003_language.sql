-- The language of each person's app as they last pressed something: what they write in private does not tell it.
CREATE TABLE discord_language (
    account TEXT PRIMARY KEY,
    language TEXT NOT NULL,            -- as Discord names it
    at INTEGER NOT NULL                -- Unix seconds, when it was noted
) STRICT;
