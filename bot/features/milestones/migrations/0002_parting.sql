-- A role to take from an account whose owner was erased; the row goes once that is done or given up.
CREATE TABLE milestones_parting (
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    platform TEXT NOT NULL,
    account TEXT NOT NULL,
    role TEXT NOT NULL,                -- the platform's own id
    at INTEGER NOT NULL                -- Unix seconds
) STRICT;
CREATE INDEX milestones_parting_by_age ON milestones_parting (at);
CREATE INDEX milestones_parting_community ON milestones_parting (community_id);
