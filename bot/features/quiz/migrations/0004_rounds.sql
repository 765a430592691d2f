-- A round keeps its question as it was asked and as it was corrected since, so that content may change meanwhile.
ALTER TABLE quiz_round ADD COLUMN body TEXT NOT NULL DEFAULT '';   -- as asked, JSON; empty: asked before this was kept
ALTER TABLE quiz_round ADD COLUMN fixed TEXT NOT NULL DEFAULT '';  -- as corrected since, JSON; empty: never
ALTER TABLE quiz_round ADD COLUMN places TEXT NOT NULL DEFAULT ''; -- JSON list: where each option as asked is now
ALTER TABLE quiz_round ADD COLUMN fixed_at INTEGER;                -- Unix seconds
ALTER TABLE quiz_round ADD COLUMN count_at INTEGER;                -- when its cards will tell how many answered
CREATE INDEX quiz_round_question ON quiz_round (question, community_id);

-- 0: somebody's first answer; 1: taken back; 2: given anew after that, which brings no points.
ALTER TABLE quiz_vote ADD COLUMN again INTEGER NOT NULL DEFAULT 0;

-- The posts of a round, so that they can be edited.
CREATE TABLE quiz_post (
    round_id INTEGER NOT NULL REFERENCES quiz_round (id),
    post INTEGER NOT NULL,             -- the outbox's id
    part TEXT NOT NULL CHECK (part IN ('asked', 'closed')),
    is_poll INTEGER NOT NULL,
    PRIMARY KEY (round_id, post)
) STRICT;

-- Points for reviews are counted by person, since a moment.
CREATE INDEX quiz_answer_reviews ON quiz_answer (person_id, at) WHERE way = 'review';
