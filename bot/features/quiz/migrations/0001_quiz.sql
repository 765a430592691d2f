-- A row of questions for one person: practice, or the review of what is due.
CREATE TABLE quiz_run (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES community_person (id),
    kind TEXT NOT NULL CHECK (kind IN ('practice', 'review')),
    about TEXT NOT NULL,               -- id of a topic, sub-topic or stage, or empty for whatever suits
    level TEXT NOT NULL DEFAULT '',    -- asked for; empty: as hard as suits
    length INTEGER NOT NULL,
    began_at INTEGER NOT NULL,         -- Unix seconds
    ended_at INTEGER
) STRICT;
CREATE INDEX quiz_run_person ON quiz_run (person_id, id);

-- A question of a run: asked, then answered.
CREATE TABLE quiz_asked (
    run_id INTEGER NOT NULL REFERENCES quiz_run (id),
    number INTEGER NOT NULL,           -- from 0
    question TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    answered_at INTEGER,
    correct INTEGER,
    chosen TEXT,                       -- positions of options, or the number typed
    PRIMARY KEY (run_id, number)
) STRICT;

-- Every answer of every kind: what is known of people and of questions comes from here.
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

-- What comes back to a person, and when: what they answered wrong.
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

-- How well somebody knows a topic, and how hard a question is: one scale, 400 points a factor of ten in the odds.
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
