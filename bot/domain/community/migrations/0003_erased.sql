-- Accounts that were erased a few days ago, as fingerprints, so that an event of before cannot bring anybody back.
CREATE TABLE community_erased (
    mark TEXT PRIMARY KEY,             -- SHA-256 of salt, platform and account
    salt TEXT NOT NULL,
    at INTEGER NOT NULL                -- Unix microseconds
) STRICT;
CREATE INDEX community_erased_at ON community_erased (at);
