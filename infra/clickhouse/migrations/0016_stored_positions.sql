-- How far the sink has stored each partition of the log: the offset that it reads next. It is written after the
-- rows and before the log is told, so that a store that was lost, or put back from a backup, says what it lacks.

-- forward
CREATE TABLE IF NOT EXISTS stored_positions
(
    topic LowCardinality(String),
    partition UInt32,
    next_offset UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, partition)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- backward
DROP TABLE IF EXISTS stored_positions SYNC;
