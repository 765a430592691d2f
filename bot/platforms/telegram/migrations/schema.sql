-- What the numbered files of this folder add up to. Generated: python -m tests.schema

CREATE TABLE telegram_update (
    id INTEGER PRIMARY KEY,            -- Telegram's update_id
    at INTEGER NOT NULL,               -- Unix seconds
    body TEXT NOT NULL                 -- the update as JSON; empty once it is handled
) STRICT;

CREATE INDEX telegram_update_open ON telegram_update (id) WHERE body <> '';

CREATE TABLE telegram_dialogue (
    account TEXT PRIMARY KEY,          -- whose private chat it is held in
    event TEXT NOT NULL,               -- the event the filled-in form will be
    form TEXT NOT NULL,                -- the form, as a reply in JSON
    step INTEGER NOT NULL,             -- the field asked now, from 0
    answers TEXT NOT NULL,             -- JSON object of what was answered
    origin TEXT NOT NULL,              -- JSON object: the place where the form was asked for
    at INTEGER NOT NULL                -- Unix seconds of the last answer
) STRICT;

CREATE TABLE telegram_waiting (
    door TEXT PRIMARY KEY,             -- the key in the link into the private chat
    account TEXT NOT NULL,             -- who may collect it
    event TEXT NOT NULL,               -- the event it answers
    reply TEXT NOT NULL,               -- the reply in JSON
    origin TEXT NOT NULL,              -- JSON object: the place where it was asked
    at INTEGER NOT NULL                -- Unix seconds
) STRICT;

CREATE INDEX telegram_waiting_by_age ON telegram_waiting (at);

CREATE TABLE telegram_poll (
    poll TEXT PRIMARY KEY,             -- Telegram's id of the poll
    origin TEXT NOT NULL,              -- JSON object: the place where it stands
    choices TEXT NOT NULL,             -- JSON list: what each answer does, in order
    retract TEXT NOT NULL,             -- what taking a vote back does, or empty
    at INTEGER NOT NULL                -- Unix seconds
, closes INTEGER) STRICT;

CREATE INDEX telegram_poll_by_age ON telegram_poll (at);

CREATE TABLE telegram_moved (
    old TEXT PRIMARY KEY,              -- a group's id before it became a supergroup
    new TEXT NOT NULL                  -- its id since
) STRICT;

CREATE TABLE telegram_topic (
    chat TEXT NOT NULL,                -- Telegram's id of the group
    thread TEXT NOT NULL,              -- Telegram's id of the topic
    name TEXT NOT NULL,                -- what it is called, or empty
    is_closed INTEGER NOT NULL,        -- 1: only administrators write there
    PRIMARY KEY (chat, thread)
) STRICT;

CREATE TABLE telegram_asking (
    id INTEGER PRIMARY KEY,
    origin TEXT NOT NULL,              -- as in telegram_poll
    choices TEXT NOT NULL,
    retract TEXT NOT NULL,
    closes INTEGER,
    at INTEGER NOT NULL                -- Unix seconds
) STRICT;

CREATE TABLE telegram_vote (
    event TEXT PRIMARY KEY,
    poll TEXT NOT NULL,                -- Telegram's id of the poll
    account TEXT NOT NULL,             -- whose
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    choice INTEGER,                    -- position of the answer; empty: taken back
    at INTEGER NOT NULL                -- Unix seconds
) STRICT;

CREATE INDEX telegram_vote_poll ON telegram_vote (poll);

CREATE INDEX telegram_vote_by_age ON telegram_vote (at);
