-- The record. `body` is the entry as it was hashed into the tree; the columns before it are derived from it, for
-- searching only; `leaf` is its leaf hash; `tag` is the keyed tag of an entry that must not be forged.
CREATE TABLE entry (
    seq       INTEGER PRIMARY KEY,
    time      INTEGER NOT NULL,
    type      TEXT    NOT NULL,
    session   TEXT    NOT NULL,
    principal TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    target    TEXT    NOT NULL,
    outcome   TEXT    NOT NULL,
    ref       INTEGER NOT NULL,
    body      BLOB    NOT NULL,
    leaf      BLOB    NOT NULL,
    tag       BLOB
) STRICT;

CREATE INDEX entry_session ON entry (session, seq);
CREATE INDEX entry_principal ON entry (principal, seq);
CREATE INDEX entry_ref ON entry (ref) WHERE ref > 0;
CREATE INDEX entry_rare ON entry (type, seq) WHERE type IN ('changed', 'held', 'answered', 'found');
CREATE INDEX entry_outcome ON entry (outcome, seq) WHERE type = 'decided';
CREATE INDEX entry_target ON entry (target, seq) WHERE type = 'decided';

-- What may be erased. The entry holds HMAC-SHA-256(salt, body): with the salt gone, nothing is left to guess from.
CREATE TABLE payload (
    seq  INTEGER PRIMARY KEY,
    salt BLOB NOT NULL,
    body BLOB NOT NULL
) STRICT;

-- The tree's hashes, in the tiles of C2SP tlog-tiles: the full ones, and the right edge above the leaves.
CREATE TABLE tile (
    level  INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hashes BLOB    NOT NULL,
    PRIMARY KEY (level, number)
) STRICT;

-- What is folded from the record, so that a start need not read all of it.
CREATE TABLE snapshot (
    fold  TEXT    NOT NULL,
    name  TEXT    NOT NULL,
    state BLOB    NOT NULL,
    seq   INTEGER NOT NULL,
    PRIMARY KEY (fold, name)
) STRICT;

-- Closes the snapshot: up to which entry it goes, by which folds it was made, and a keyed tag over all its rows.
CREATE TABLE seal (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    applied INTEGER NOT NULL,
    folds   TEXT    NOT NULL,
    tag     BLOB    NOT NULL
) STRICT;

-- How far each follower has come; `tag` is the keyed tag of the row.
CREATE TABLE follower (
    name TEXT PRIMARY KEY,
    seq  INTEGER NOT NULL,
    tag  BLOB    NOT NULL
) STRICT;

-- What each account may at most have recorded so far; granted in steps, ahead of use; `tag` is the row's keyed tag.
CREATE TABLE charge (
    account TEXT PRIMARY KEY,
    events  INTEGER NOT NULL,
    bytes   INTEGER NOT NULL,
    tag     BLOB    NOT NULL
) STRICT;

-- Erasures and retentions that are on record and whose deletions are not finished.
CREATE TABLE unfinished (
    seq INTEGER PRIMARY KEY
) STRICT;
