-- Servers the bot came into lately and has been announced in, so that a restart announces nothing once more.
CREATE TABLE discord_arrived (
    event TEXT PRIMARY KEY,            -- the server and when the bot came in
    at INTEGER NOT NULL                -- Unix seconds
) STRICT;
