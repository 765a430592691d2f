-- What Telegram tells of forum topics in passing, since it cannot be asked for them.
CREATE TABLE telegram_topic (
    chat TEXT NOT NULL,                -- Telegram's id of the group
    thread TEXT NOT NULL,              -- Telegram's id of the topic
    name TEXT NOT NULL,                -- what it is called, or empty
    is_closed INTEGER NOT NULL,        -- 1: only administrators write there
    PRIMARY KEY (chat, thread)
) STRICT;
