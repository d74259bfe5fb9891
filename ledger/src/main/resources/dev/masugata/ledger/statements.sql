-- Statements that mean the same to every database. Each begins with `-- :name`.

-- :schema.create
CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied INTEGER NOT NULL)

-- :schema.version
SELECT COALESCE(MAX(version), 0) FROM schema_version

-- :schema.applied
INSERT INTO schema_version (version, applied) VALUES (?, ?)

-- :entry.insert
INSERT INTO entry (seq, time, type, session, principal, kind, target, outcome, ref, body, leaf, tag)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- :entry.last
SELECT seq, time FROM entry ORDER BY seq DESC LIMIT 1

-- :entry.tail
SELECT seq, time, body, tag FROM entry WHERE seq > ? ORDER BY seq

-- :entry.leaves
SELECT seq, leaf FROM entry WHERE seq BETWEEN ? AND ? ORDER BY seq

-- :entry.body
SELECT body FROM entry WHERE seq = ?

-- :entry.time
SELECT seq, time FROM entry WHERE seq >= ? ORDER BY seq LIMIT 1

-- :entry.all
SELECT e.seq, e.time, e.type, e.session, e.principal, e.kind, e.target, e.outcome, e.ref, e.body, e.leaf, e.tag,
       p.salt, p.body AS payload
FROM entry e LEFT JOIN payload p ON p.seq = e.seq
ORDER BY e.seq

-- :entry.delete
DELETE FROM entry WHERE seq BETWEEN ? AND ?

-- :entry.record
SELECT e.seq, e.body, e.tag, p.body FROM entry e LEFT JOIN payload p ON p.seq = e.seq
WHERE e.type = 'changed' AND e.kind = 'record' ORDER BY e.seq

-- :entry.foldable
SELECT seq, body FROM entry WHERE seq BETWEEN ? AND ? ORDER BY seq

-- :entry.starts
SELECT COALESCE(MAX(seq), 0) FROM entry
WHERE type = 'changed' AND kind = 'gate' AND outcome = 'started'

-- :entry.unfinished
SELECT d.seq FROM entry d
WHERE d.type = 'decided' AND d.outcome IN ('allowed', 'masked') AND d.seq <= ?
  AND NOT EXISTS (SELECT 1 FROM entry x WHERE x.ref = d.seq AND x.ref > 0 AND x.type = 'done')
ORDER BY d.seq

-- :entry.decisions
SELECT d.body, (SELECT x.outcome FROM entry x WHERE x.ref = d.seq AND x.ref > 0 AND x.type = 'done' LIMIT 1)
FROM entry d WHERE d.type = 'decided' ORDER BY d.seq

-- :entry.outcomes
SELECT outcome, COUNT(*) FROM entry WHERE type = 'decided' AND seq >= ? GROUP BY outcome

-- :entry.select
SELECT e.seq, e.body, p.salt, p.body AS payload
FROM entry e LEFT JOIN payload p ON p.seq = e.seq

-- :payload.insert
INSERT INTO payload (seq, salt, body) VALUES (?, ?, ?)

-- :payload.delete
DELETE FROM payload WHERE seq BETWEEN ? AND ?

-- :payload.unbound
SELECT p.seq FROM payload p WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.seq = p.seq) ORDER BY p.seq LIMIT 1

-- :payload.erasable
SELECT p.seq FROM payload p JOIN entry e ON e.seq = p.seq
WHERE p.seq > ? AND p.seq < ? AND NOT (e.type = 'changed' AND e.kind IN ('policy', 'record'))

-- :tile.put
INSERT INTO tile (level, number, hashes) VALUES (?, ?, ?)
ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes

-- :tile.get
SELECT hashes FROM tile WHERE level = ? AND number = ?

-- :tile.places
SELECT level, number FROM tile ORDER BY level, number

-- :snapshot.put
INSERT INTO snapshot (fold, name, state, seq) VALUES (?, ?, ?, ?)
ON CONFLICT (fold, name) DO UPDATE SET state = excluded.state, seq = excluded.seq

-- :snapshot.remove
DELETE FROM snapshot WHERE fold = ? AND name = ?

-- :snapshot.clear
DELETE FROM snapshot

-- :snapshot.all
SELECT fold, name, state, seq FROM snapshot ORDER BY seq, fold, name

-- :seal.put
INSERT INTO seal (id, applied, folds, tag) VALUES (1, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET applied = excluded.applied, folds = excluded.folds, tag = excluded.tag

-- :seal.get
SELECT applied, folds, tag FROM seal WHERE id = 1

-- :follower.put
INSERT INTO follower (name, seq, tag) VALUES (?, ?, ?)
ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, tag = excluded.tag

-- :follower.all
SELECT name, seq, tag FROM follower ORDER BY name

-- :follower.get
SELECT seq FROM follower WHERE name = ?

-- :charge.put
INSERT INTO charge (account, events, bytes, tag) VALUES (?, ?, ?, ?)
ON CONFLICT (account) DO UPDATE SET events = excluded.events, bytes = excluded.bytes, tag = excluded.tag

-- :charge.all
SELECT account, events, bytes, tag FROM charge ORDER BY account

-- :charge.recorded
SELECT CASE WHEN e.session = '' THEN e.principal || ' ' ELSE e.session END AS payer, COUNT(*),
       SUM(LENGTH(e.body) + COALESCE(LENGTH(p.salt) + LENGTH(p.body), 0))
FROM entry e LEFT JOIN payload p ON p.seq = e.seq
WHERE e.principal <> 'masugata' AND SUBSTR(e.principal, 1, 9) <> 'operator:'
GROUP BY payer ORDER BY payer

-- :charge.drop
DELETE FROM charge WHERE account = ?

-- :unfinished.put
INSERT INTO unfinished (seq) VALUES (?)

-- :unfinished.drop
DELETE FROM unfinished WHERE seq = ?

-- :unfinished.seqs
SELECT seq FROM unfinished ORDER BY seq

-- :unfinished.all
SELECT u.seq, e.body FROM unfinished u JOIN entry e ON e.seq = u.seq ORDER BY u.seq
