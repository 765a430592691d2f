-- A test is a run as well: empty for practice and review. Its kind is 'practice', which the first file fixed.
ALTER TABLE quiz_run ADD COLUMN test TEXT NOT NULL DEFAULT '' CHECK (test IN ('', 'placement', 'gate'));

-- What was asked, so that a question corrected since is not judged by words nobody saw; and the seed of made numbers.
ALTER TABLE quiz_asked ADD COLUMN edition TEXT NOT NULL DEFAULT '';
ALTER TABLE quiz_asked ADD COLUMN seed TEXT NOT NULL DEFAULT '';
