-- What the bot said in the terminal, so that every card can be come back to: in the hall to all, or to one person alone.
CREATE TABLE terminal_message (
    id INTEGER PRIMARY KEY,
    chat TEXT NOT NULL,
    event TEXT NOT NULL,
    only_for TEXT NOT NULL DEFAULT '',
    at INTEGER NOT NULL,
    reply TEXT NOT NULL,
    UNIQUE (event)
) STRICT;

CREATE INDEX terminal_message_by_chat ON terminal_message (chat, id);
