-- What votes mean, and where groups went that have another id now.
CREATE TABLE telegram_poll (
    poll TEXT PRIMARY KEY,             -- Telegram's id of the poll
    origin TEXT NOT NULL,              -- JSON object: the place where it stands
    choices TEXT NOT NULL,             -- JSON list: what each answer does, in order
    retract TEXT NOT NULL,             -- what taking a vote back does, or empty
    at INTEGER NOT NULL                -- Unix seconds
) STRICT;

CREATE INDEX telegram_poll_by_age ON telegram_poll (at);

CREATE TABLE telegram_moved (
    old TEXT PRIMARY KEY,              -- a group's id before it became a supergroup
    new TEXT NOT NULL                  -- its id since
) STRICT;
