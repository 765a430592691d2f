-- One question for a whole community on one local date.
CREATE TABLE quiz_round (
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    day TEXT NOT NULL,                 -- the occurrence it belongs to, mostly a local date
    question TEXT NOT NULL,
    edition TEXT NOT NULL,
    points INTEGER NOT NULL,           -- for a right answer in time
    opened_at INTEGER NOT NULL,        -- Unix seconds
    closes_at INTEGER NOT NULL,
    closed_at INTEGER,
    UNIQUE (community_id, day)
) STRICT;
CREATE INDEX quiz_round_opened ON quiz_round (community_id, opened_at);

-- The first answer of each person to a round.
CREATE TABLE quiz_vote (
    round_id INTEGER NOT NULL REFERENCES quiz_round (id),
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    choice INTEGER NOT NULL,           -- position among the question's options
    correct INTEGER NOT NULL,
    points INTEGER NOT NULL,           -- none if it came late
    is_late INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (round_id, person_id)
) STRICT;
CREATE INDEX quiz_vote_person ON quiz_vote (person_id);
