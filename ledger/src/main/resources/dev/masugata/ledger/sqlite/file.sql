-- Set once on the writer's connection; these are kept in the file.
PRAGMA journal_mode = WAL;
PRAGMA journal_size_limit = 67108864;
