-- When Telegram closes a poll by itself: whatever vote it tells of was given before.
ALTER TABLE telegram_poll ADD COLUMN closes INTEGER; -- Unix seconds

-- Polls that were sent and of which Telegram has not told the id: on their way, or lost with the process.
CREATE TABLE telegram_asking (
    id INTEGER PRIMARY KEY,
    origin TEXT NOT NULL,              -- as in telegram_poll
    choices TEXT NOT NULL,
    retract TEXT NOT NULL,
    closes INTEGER,
    at INTEGER NOT NULL                -- Unix seconds
) STRICT;

-- Votes in polls whose id is not known yet.
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
