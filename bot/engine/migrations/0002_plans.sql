-- What happens by itself, and when. A plan that is paused, over or removed has no next_due.
CREATE TABLE engine_plan (
    id INTEGER PRIMARY KEY,
    job TEXT NOT NULL,                 -- the name of what does it
    community INTEGER NOT NULL,        -- whose it is; 0: no community's
    person INTEGER NOT NULL,           -- whose it is; 0: no person's
    tag TEXT NOT NULL,
    rule TEXT NOT NULL,                -- JSON, such as {"daily":"09:00"}
    zone TEXT NOT NULL,                -- IANA name
    data TEXT NOT NULL,                -- JSON, for the job
    grace INTEGER NOT NULL,            -- seconds
    paused INTEGER NOT NULL,           -- 0 or 1
    next_due INTEGER,                  -- Unix seconds
    next_key TEXT,                     -- names the occurrence that is due then
    removed_at INTEGER,                -- Unix seconds; kept for some days, so that planning it again doubles nothing
    UNIQUE (community, person, job, tag)
) STRICT;
CREATE INDEX engine_plan_due ON engine_plan (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX engine_plan_removed ON engine_plan (removed_at) WHERE removed_at IS NOT NULL;

-- What became of each occurrence of a plan. The row is made by whoever does it, so that nobody does it twice.
CREATE TABLE engine_occurrence (
    plan INTEGER NOT NULL,
    key TEXT NOT NULL,                 -- the local date, or for other rules another name that never comes again
    at INTEGER NOT NULL,               -- when it was due, in Unix seconds
    state TEXT NOT NULL CHECK (state IN ('running', 'waiting', 'done', 'missed', 'skipped')),
    until INTEGER,                     -- running: how long it is in somebody's hand; waiting: when it is tried again
    fence INTEGER NOT NULL,            -- which hand has it: what an earlier one still stores is refused
    attempts INTEGER NOT NULL,
    PRIMARY KEY (plan, key)
) STRICT;
CREATE INDEX engine_occurrence_open ON engine_occurrence (until) WHERE until IS NOT NULL;
CREATE INDEX engine_occurrence_plan ON engine_occurrence (plan) WHERE until IS NOT NULL;
CREATE INDEX engine_occurrence_at ON engine_occurrence (at);

-- By which edition of the zone data the moments of engine_plan were worked out.
CREATE TABLE engine_zone_data (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    edition TEXT NOT NULL
) STRICT;
