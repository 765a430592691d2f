-- When somebody was last seen to belong to a community no more; empty: they do, as far as a platform told.
ALTER TABLE community_member ADD COLUMN left_at INTEGER; -- Unix seconds
