-- What the numbered files of this folder add up to. Generated: python -m tests.schema

CREATE TABLE milestones_project (
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    stage TEXT NOT NULL,               -- id of a stage
    link TEXT NOT NULL,                -- as typed; never fetched
    summary TEXT NOT NULL,
    given_at INTEGER NOT NULL,         -- Unix seconds
    PRIMARY KEY (person_id, stage)
) STRICT;

CREATE TABLE milestones_request (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    stage TEXT NOT NULL,
    link TEXT NOT NULL,
    summary TEXT NOT NULL,
    home_platform TEXT NOT NULL,       -- where they can be told privately; empty: nowhere
    home_chat TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'approved', 'answered', 'withdrawn')),
    ended_at INTEGER
) STRICT;

CREATE UNIQUE INDEX milestones_request_open ON milestones_request (person_id, stage) WHERE state = 'open';

CREATE INDEX milestones_request_person ON milestones_request (person_id, stage, id);

CREATE TABLE milestones_review (
    id INTEGER PRIMARY KEY,
    request_id INTEGER NOT NULL REFERENCES milestones_request (id),
    reviewer_id INTEGER NOT NULL REFERENCES community_person (id),
    words TEXT NOT NULL,               -- what is still missing; empty: approved
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX milestones_review_request ON milestones_review (request_id);

CREATE INDEX milestones_review_reviewer ON milestones_review (reviewer_id);

CREATE TABLE milestones_badge (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    stage TEXT NOT NULL,
    title TEXT NOT NULL,               -- of the milestone, as it was
    request_id INTEGER NOT NULL REFERENCES milestones_request (id),
    reached_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

CREATE UNIQUE INDEX milestones_badge_valid ON milestones_badge (person_id, stage, community_id)
    WHERE revoked_at IS NULL;

CREATE INDEX milestones_badge_community ON milestones_badge (community_id, stage);

CREATE INDEX milestones_badge_request ON milestones_badge (request_id);

CREATE TABLE milestones_post (
    post_id INTEGER PRIMARY KEY,
    request_id INTEGER NOT NULL,
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    kind TEXT NOT NULL CHECK (kind IN ('card', 'news')),
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX milestones_post_request ON milestones_post (request_id);

CREATE INDEX milestones_post_community ON milestones_post (community_id);

CREATE TABLE milestones_role (
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    stage TEXT NOT NULL,
    platform TEXT NOT NULL,
    role TEXT NOT NULL,                -- the platform's own id
    title TEXT NOT NULL,               -- what it was called when it was chosen
    PRIMARY KEY (community_id, stage, platform)
) STRICT;

CREATE TABLE milestones_errand (
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    stage TEXT NOT NULL,
    platform TEXT NOT NULL,
    role TEXT NOT NULL,
    gives INTEGER NOT NULL,            -- 1: give, 0: take
    made_at INTEGER NOT NULL,
    done_at INTEGER,                   -- also set when a later one took its place
    why TEXT NOT NULL DEFAULT ''       -- it could not be done
) STRICT;

CREATE INDEX milestones_errand_person ON milestones_errand (person_id, community_id);

CREATE INDEX milestones_errand_community ON milestones_errand (community_id, stage);

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
