-- How a round was answered, once it is closed: first answers in time, and how many of them were right.
ALTER TABLE quiz_round ADD COLUMN answers INTEGER NOT NULL DEFAULT 0;
ALTER TABLE quiz_round ADD COLUMN correct INTEGER NOT NULL DEFAULT 0;
UPDATE quiz_round SET
    answers = (
        SELECT COUNT(*) FROM quiz_vote AS v WHERE v.round_id = quiz_round.id AND v.is_late = 0 AND v.again = 0),
    correct = (
        SELECT COALESCE(SUM(v.correct), 0) FROM quiz_vote AS v
        WHERE v.round_id = quiz_round.id AND v.is_late = 0 AND v.again = 0)
WHERE closed_at IS NOT NULL;

-- What answers bring to somebody in a community: in all, and in each month, week and day on its wall. Boards read this.
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

-- From what was kept until now; the week is that of the local date, reckoned in days since 1970-01-01, a Thursday. Reviews of those weeks and months are in the whole alone.
INSERT INTO quiz_tally (community_id, period, person_id, points, correct, reviews, votes)
SELECT t.community_id, t.period, t.person_id, SUM(t.points), SUM(t.correct), 0, COUNT(*)
FROM (
    SELECT r.community_id AS community_id, p.period AS period, v.person_id AS person_id, v.points AS points,
        CASE WHEN v.again = 0 AND v.is_late = 0 THEN v.correct ELSE 0 END AS correct
    FROM quiz_vote AS v JOIN quiz_round AS r ON r.id = v.round_id
    JOIN (
        SELECT id, 'all' AS period FROM quiz_round
        UNION ALL SELECT id, 'm' || SUBSTR(day, 1, 7) FROM quiz_round
        UNION ALL SELECT c.id, 'w' || CAST(
            (365 * c.y + c.y / 4 - c.y / 100 + c.y / 400 + (306 * c.m + 5) / 10 + c.d - 719469 + 3) / 7 AS TEXT)
        FROM (
            SELECT b.id AS id, b.y - b.m / 10 AS y, b.m AS m, b.d AS d
            FROM (
                SELECT id, CAST(SUBSTR(day, 1, 4) AS INTEGER) AS y, (CAST(SUBSTR(day, 6, 2) AS INTEGER) + 9) % 12 AS m,
                    CAST(SUBSTR(day, 9, 2) AS INTEGER) AS d
                FROM quiz_round
            ) AS b
        ) AS c
        UNION ALL SELECT id, 'd' || SUBSTR(day, 1, 10) FROM quiz_round
    ) AS p ON p.id = r.id
) AS t
GROUP BY t.community_id, t.period, t.person_id;

INSERT INTO quiz_tally (community_id, period, person_id, points, correct, reviews, votes)
SELECT m.community_id, 'all', m.person_id, SUM(d.count), 0, SUM(d.count), 0
FROM community_member AS m
JOIN (
    SELECT a.person_id AS person_id, CASE WHEN COUNT(*) > 10 THEN 10 ELSE COUNT(*) END AS count
    FROM quiz_answer AS a WHERE a.way = 'review' AND a.correct = 1 GROUP BY a.person_id, a.at / 86400
) AS d ON d.person_id = m.person_id
WHERE m.left_at IS NULL
GROUP BY m.community_id, m.person_id
ON CONFLICT (community_id, period, person_id) DO UPDATE
    SET points = quiz_tally.points + excluded.points, reviews = quiz_tally.reviews + excluded.reviews;
