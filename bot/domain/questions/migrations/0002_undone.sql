-- What a taking back takes back, so that everything is as it was before: the flags too.
ALTER TABLE questions_change ADD COLUMN undoes INTEGER; -- revision of the change it takes back; empty: none
ALTER TABLE questions_flag ADD COLUMN settled_in INTEGER; -- revision of the change that settled it; empty: none did
