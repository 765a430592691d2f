-- What the numbered files of this folder add up to. Generated: python -m tests.schema

CREATE TABLE community_person (
    id INTEGER PRIMARY KEY,
    created_at INTEGER NOT NULL,       -- Unix seconds
    name TEXT NOT NULL,                -- as last seen on any platform
    language TEXT NOT NULL DEFAULT '', -- chosen by them; empty: as the platform says
    zone TEXT NOT NULL,                -- IANA name
    day_start INTEGER NOT NULL DEFAULT 4 CHECK (day_start BETWEEN 0 AND 23)
, revision INTEGER NOT NULL DEFAULT 0) STRICT;

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
, revision INTEGER NOT NULL DEFAULT 0) STRICT;

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
    joined_at INTEGER NOT NULL, role TEXT NOT NULL DEFAULT 'member', left_at INTEGER,
    PRIMARY KEY (community_id, person_id)
) STRICT;

CREATE INDEX community_member_person ON community_member (person_id);

CREATE TABLE community_setting (
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (community_id, name)
) STRICT;

CREATE TABLE community_preference (
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (person_id, name)
) STRICT;

CREATE TABLE community_room (
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    platform TEXT NOT NULL,
    chat TEXT NOT NULL,
    thread TEXT NOT NULL,
    title TEXT NOT NULL,               -- what people call it, as last seen
    PRIMARY KEY (community_id, platform)
) STRICT;

CREATE TABLE community_change (
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    person_id INTEGER REFERENCES community_person (id), -- empty: erased since
    at INTEGER NOT NULL,               -- Unix seconds
    name TEXT NOT NULL,                -- of the setting, "room", or "role"
    about INTEGER REFERENCES community_person (id), -- for roles: whose
    before TEXT NOT NULL,              -- empty: the default
    after TEXT NOT NULL,
    undone INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX community_change_latest ON community_change (community_id, id);

CREATE TABLE community_erased (
    mark TEXT PRIMARY KEY,             -- SHA-256 of salt, platform and account
    salt TEXT NOT NULL,
    at INTEGER NOT NULL                -- Unix microseconds
) STRICT;

CREATE INDEX community_erased_at ON community_erased (at);
