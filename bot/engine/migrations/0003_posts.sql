-- What the bot says by itself: kept before it is sent, so that nothing is lost and nothing is said twice.
-- Moments are Unix microseconds.
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

-- The messages of a post, drawn once and kept before the first attempt.
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

-- What is known about destinations beyond their posts.
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

-- One row for each chat that was ever posted to: its queue and how soon it takes more. Chat '' is the whole bot.
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

-- Makes nonces of this database differ from those of any other.
CREATE TABLE engine_salt (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    salt TEXT NOT NULL
) STRICT;
