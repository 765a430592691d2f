-- What the numbered files of this folder add up to. Generated: python -m tests.schema

CREATE TABLE community_person (
    id INTEGER PRIMARY KEY,
    created_at INTEGER NOT NULL,       -- Unix seconds
    name TEXT NOT NULL,                -- as last seen on any platform
    language TEXT NOT NULL DEFAULT '', -- chosen by them; empty: as the platform says
    zone TEXT NOT NULL,                -- IANA name
    day_start INTEGER NOT NULL DEFAULT 4 CHECK (day_start BETWEEN 0 AND 23)
) STRICT;

CREATE TABLE community_identity (
    platform TEXT NOT NULL,
    account TEXT NOT NULL,             -- the platform's own id
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    PRIMARY KEY (platform, account)
) STRICT;

CREATE INDEX community_identity_person ON community_identity (person_id);

CREATE TABLE community_community (
    id INTEGER PRIMARY KEY,
    created_at INTEGER NOT NULL,
    title TEXT NOT NULL,
    zone TEXT NOT NULL,
    language TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE community_place (
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    platform TEXT NOT NULL,
    chat TEXT NOT NULL,                -- the platform's own id
    setting TEXT NOT NULL CHECK (setting IN ('group', 'channel')),
    UNIQUE (platform, chat)
) STRICT;

CREATE INDEX community_place_community ON community_place (community_id);

CREATE TABLE community_member (
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (community_id, person_id)
) STRICT;

CREATE INDEX community_member_person ON community_member (person_id);
