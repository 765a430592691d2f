-- What the numbered files of this folder add up to. Generated: python -m tests.schema

CREATE TABLE engine_inbox (
    platform TEXT NOT NULL,
    event TEXT NOT NULL,               -- the platform's own id of the update, interaction or message
    at INTEGER NOT NULL,               -- Unix seconds
    PRIMARY KEY (platform, event)
) STRICT;

CREATE INDEX engine_inbox_at ON engine_inbox (at);

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

CREATE TABLE engine_zone_data (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    edition TEXT NOT NULL
) STRICT;

CREATE TABLE engine_post (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,          -- names the post for ever
    community INTEGER,                 -- whose it is, or nobody's
    platform TEXT NOT NULL,
    chat TEXT NOT NULL,
    thread TEXT NOT NULL,              -- empty outside threads
    title TEXT NOT NULL,
    reply TEXT NOT NULL,               -- JSON, as kit/codec.py writes it
    revision INTEGER NOT NULL,         -- goes up with each edit
    drawn INTEGER NOT NULL,            -- the revision that engine_message shows, 0 before the first
    withdrawn INTEGER NOT NULL,        -- 1: to be taken back
    doubt TEXT NOT NULL CHECK (doubt IN ('repeat', 'ask')),
    report_platform TEXT NOT NULL,     -- where moderators read about trouble; empty: nowhere
    report_chat TEXT NOT NULL,
    report_thread TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('planned', 'sending', 'sent', 'unknown', 'failed', 'cancelled')),
    why TEXT NOT NULL,
    turn INTEGER NOT NULL,             -- not sent earlier; also its place in the order of its chat
    expires_at INTEGER NOT NULL,       -- not begun later
    next_try INTEGER,                  -- when there is something to do; NULL: nothing, or a moderator has to say
    attempts INTEGER NOT NULL,         -- claims since something last went well
    lease_until INTEGER,               -- until when whoever claimed it has it; NULL: nobody
    fence INTEGER NOT NULL,            -- goes up with each claim
    sent_at INTEGER                    -- when all of it had been sent first
) STRICT;

CREATE INDEX engine_post_turn ON engine_post (platform, chat, turn, id) WHERE next_try IS NOT NULL;

CREATE INDEX engine_post_state ON engine_post (state) WHERE state <> 'sent';

CREATE TABLE engine_message (
    post INTEGER NOT NULL REFERENCES engine_post (id),
    number INTEGER NOT NULL,           -- from 0, in reading order
    part TEXT NOT NULL,                -- JSON: what was sent last, or will be
    wanted TEXT,                       -- JSON: what should stand there instead
    nonce TEXT NOT NULL,               -- the same for every attempt
    todo TEXT NOT NULL CHECK (todo IN ('', 'send', 'edit', 'delete')),
    gone INTEGER NOT NULL,             -- 1: should not be there any more
    tried_at INTEGER,                  -- the first attempt of unknown fate, or the one that went well
    receipt TEXT,                      -- the platform's id; empty: delivered, and deleted since or not known
    PRIMARY KEY (post, number)
) STRICT;

CREATE TABLE engine_place (
    platform TEXT NOT NULL,
    chat TEXT NOT NULL,
    thread TEXT NOT NULL,              -- empty: the whole chat
    disabled_at INTEGER,               -- nothing is sent there until it is used again
    why TEXT NOT NULL,
    told INTEGER NOT NULL,             -- 1: moderators were told
    moved_to TEXT,                     -- the chat's new id
    PRIMARY KEY (platform, chat, thread)
) STRICT;

CREATE TABLE engine_pace (
    platform TEXT NOT NULL,
    chat TEXT NOT NULL,
    due INTEGER,                       -- when to look at its first post; NULL: it has none
    busy_until INTEGER,                -- one of its posts is in hand, at most until then
    free_at INTEGER NOT NULL,          -- when the pace allows the next message
    group_free_at INTEGER NOT NULL,    -- the same, by the limit for groups
    PRIMARY KEY (platform, chat)
) STRICT;

CREATE INDEX engine_pace_due ON engine_pace (platform, due) WHERE due IS NOT NULL;

CREATE TABLE engine_salt (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    salt TEXT NOT NULL
) STRICT;
