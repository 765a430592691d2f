-- Grows with each change of what a person or a community set, so that what is remembered in memory can be told old.
ALTER TABLE community_person ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE community_community ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

-- Given by moderators, on top of what the platform says: member, host or moderator.
ALTER TABLE community_member ADD COLUMN role TEXT NOT NULL DEFAULT 'member';

-- What a community set; what is not here has its default.
CREATE TABLE community_setting (
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (community_id, name)
) STRICT;

-- What a person set.
CREATE TABLE community_preference (
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (person_id, name)
) STRICT;

-- Where a community wants its posts: one place on each platform.
CREATE TABLE community_room (
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    platform TEXT NOT NULL,
    chat TEXT NOT NULL,
    thread TEXT NOT NULL,
    title TEXT NOT NULL,               -- what people call it, as last seen
    PRIMARY KEY (community_id, platform)
) STRICT;

-- Who changed what for a community, for moderators to read and to undo.
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
