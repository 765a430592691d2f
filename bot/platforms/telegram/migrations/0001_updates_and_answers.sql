-- What must survive a restart on Telegram: updates in hand, forms half-way, answers nobody has collected yet.
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
