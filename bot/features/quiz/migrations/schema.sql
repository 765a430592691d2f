-- What the numbered files of this folder add up to. Generated: python -m tests.schema

CREATE TABLE quiz_run (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    kind TEXT NOT NULL CHECK (kind IN ('practice', 'review')),
    about TEXT NOT NULL,               -- id of a topic, sub-topic or stage, or empty for whatever suits
    level TEXT NOT NULL DEFAULT '',    -- asked for; empty: as hard as suits
    length INTEGER NOT NULL,
    began_at INTEGER NOT NULL,         -- Unix seconds
    ended_at INTEGER
, test TEXT NOT NULL DEFAULT '' CHECK (test IN ('', 'placement', 'gate'))) STRICT;

CREATE INDEX quiz_run_person ON quiz_run (person_id, id);

CREATE TABLE quiz_asked (
    run_id INTEGER NOT NULL REFERENCES quiz_run (id),
    number INTEGER NOT NULL,           -- from 0
    question TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    answered_at INTEGER,
    correct INTEGER,
    chosen TEXT, edition TEXT NOT NULL DEFAULT '', seed TEXT NOT NULL DEFAULT '',                       -- positions of options, or the number typed
    PRIMARY KEY (run_id, number)
) STRICT;

CREATE TABLE quiz_answer (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    community_id INTEGER REFERENCES community_community (id),
    question TEXT NOT NULL,
    edition TEXT NOT NULL,             -- of the question, so that answers to an older wording can be told apart
    topic TEXT NOT NULL,
    way TEXT NOT NULL,                 -- practice, review
    chosen TEXT NOT NULL,
    correct INTEGER NOT NULL,
    seconds INTEGER,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX quiz_answer_person ON quiz_answer (person_id, at);

CREATE INDEX quiz_answer_question ON quiz_answer (question);

CREATE TABLE quiz_card (
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    question TEXT NOT NULL,
    state INTEGER NOT NULL,
    stability REAL NOT NULL,
    difficulty REAL NOT NULL,
    due INTEGER NOT NULL,
    reviewed_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, question)
) STRICT;

CREATE INDEX quiz_card_due ON quiz_card (person_id, due);

CREATE TABLE quiz_skill (
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    topic TEXT NOT NULL,
    rating REAL NOT NULL,
    answers INTEGER NOT NULL,
    PRIMARY KEY (person_id, topic)
) STRICT;

CREATE TABLE quiz_item (
    question TEXT PRIMARY KEY,
    rating REAL NOT NULL,
    answers INTEGER NOT NULL,
    correct INTEGER NOT NULL
) STRICT;

CREATE TABLE quiz_round (
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    day TEXT NOT NULL,                 -- the occurrence it belongs to, mostly a local date
    question TEXT NOT NULL,
    edition TEXT NOT NULL,
    points INTEGER NOT NULL,           -- for a right answer in time
    opened_at INTEGER NOT NULL,        -- Unix seconds
    closes_at INTEGER NOT NULL,
    closed_at INTEGER, body TEXT NOT NULL DEFAULT '', fixed TEXT NOT NULL DEFAULT '', places TEXT NOT NULL DEFAULT '', fixed_at INTEGER, count_at INTEGER, answers INTEGER NOT NULL DEFAULT 0, correct INTEGER NOT NULL DEFAULT 0,
    UNIQUE (community_id, day)
) STRICT;

CREATE INDEX quiz_round_opened ON quiz_round (community_id, opened_at);

CREATE TABLE quiz_vote (
    round_id INTEGER NOT NULL REFERENCES quiz_round (id),
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    choice INTEGER NOT NULL,           -- position among the question's options
    correct INTEGER NOT NULL,
    points INTEGER NOT NULL,           -- none if it came late
    is_late INTEGER NOT NULL,
    at INTEGER NOT NULL, again INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (round_id, person_id)
) STRICT;

CREATE INDEX quiz_vote_person ON quiz_vote (person_id);

CREATE INDEX quiz_round_question ON quiz_round (question, community_id);

CREATE TABLE quiz_post (
    round_id INTEGER NOT NULL REFERENCES quiz_round (id),
    post INTEGER NOT NULL,             -- the outbox's id
    part TEXT NOT NULL CHECK (part IN ('asked', 'closed')),
    is_poll INTEGER NOT NULL,
    PRIMARY KEY (round_id, post)
) STRICT;

CREATE INDEX quiz_answer_reviews ON quiz_answer (person_id, at) WHERE way = 'review';

CREATE TABLE quiz_tally (
    community_id INTEGER NOT NULL REFERENCES community_community (id),
    period TEXT NOT NULL,              -- all, or the first letter of month, week or day and which one
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    points INTEGER NOT NULL,           -- in all
    correct INTEGER NOT NULL,          -- quizzes of the day answered rightly, first and in time
    reviews INTEGER NOT NULL,          -- of the points, those for reviews
    votes INTEGER NOT NULL,            -- quizzes of the day answered
    PRIMARY KEY (community_id, period, person_id)
) STRICT;

CREATE INDEX quiz_tally_points ON quiz_tally (community_id, period, points, correct);

CREATE INDEX quiz_tally_person ON quiz_tally (person_id);
