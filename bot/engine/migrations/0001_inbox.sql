-- Events whose effect is stored. Written in the same unit of work as the effect, so a second delivery changes nothing.
CREATE TABLE engine_inbox (
    platform TEXT NOT NULL,
    event TEXT NOT NULL,               -- the platform's own id of the update, interaction or message
    at INTEGER NOT NULL,               -- Unix seconds
    PRIMARY KEY (platform, event)
) STRICT;
CREATE INDEX engine_inbox_at ON engine_inbox (at);
