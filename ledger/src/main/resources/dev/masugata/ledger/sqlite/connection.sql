-- Set on every connection. WAL: readers never wait for the writer. FULL: a commit returns after its fsync.
-- secure_delete: what is erased is overwritten, in the file and in the log.
PRAGMA busy_timeout = 5000;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
PRAGMA cache_size = -16384;
PRAGMA trusted_schema = OFF;
