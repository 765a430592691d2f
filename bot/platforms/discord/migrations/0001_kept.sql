-- What was registered with Discord: a fingerprint for each application, so that commands are sent only when they changed.
CREATE TABLE discord_registered (
    application TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL
) STRICT;

-- Forms that wait behind a button, because the modal could not be the first answer. The id is made of the form itself.
CREATE TABLE discord_form (
    id TEXT PRIMARY KEY,
    reply TEXT NOT NULL,               -- JSON
    asked_at INTEGER NOT NULL          -- Unix seconds
) STRICT;
