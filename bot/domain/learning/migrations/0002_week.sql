-- Whether the person chose what they did; 0: everybody was asked the same, as with a question of the day.
ALTER TABLE learning_record ADD COLUMN is_chosen INTEGER NOT NULL DEFAULT 1;
-- Which answers were chosen was not kept until now, so none is counted below, and none may be taken off later.
UPDATE learning_record SET is_chosen = 0 WHERE deed IN ('answered', 'reviewed');

-- How much the members of a community studied a topic in a week, without names, so that nobody has to look at them all.
CREATE TABLE learning_week (
    community_id INTEGER NOT NULL,
    began INTEGER NOT NULL,            -- Unix seconds: when the week began, counted from 1970-01-01
    topic TEXT NOT NULL,
    deeds INTEGER NOT NULL,            -- chosen and not taken back
    answers INTEGER NOT NULL,          -- deeds with a score
    score REAL NOT NULL,               -- their sum
    PRIMARY KEY (community_id, began, topic)
) STRICT;
CREATE INDEX learning_week_began ON learning_week (began);

INSERT INTO learning_week (community_id, began, topic, deeds, answers, score)
SELECT m.community_id, r.at / 604800 * 604800, r.topic, COUNT(*), COUNT(r.score), COALESCE(SUM(r.score), 0.0)
FROM learning_record AS r JOIN community_member AS m ON m.person_id = r.person_id
WHERE m.left_at IS NULL AND m.joined_at <= r.at AND r.deed NOT IN ('retracted', 'answered', 'reviewed')
    AND NOT EXISTS (SELECT 1 FROM learning_record AS undo WHERE undo.retracts = r.id)
GROUP BY m.community_id, r.at / 604800 * 604800, r.topic;
