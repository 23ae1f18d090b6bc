-- Every version of every fact, with the instant at which the worker published it: what was known then. A fact
-- that came twice stands at its first time. Facts of before this migration are known from the migration on.

-- forward
CREATE TABLE IF NOT EXISTS fact_history
(
    district_id LowCardinality(String),
    school_year UInt16 COMMENT 'the calendar year in which the school year begins',
    date Date,
    school_id LowCardinality(String),
    student_id String,
    grade LowCardinality(String),
    class LowCardinality(String),
    counted UInt8,
    version UInt64,
    known_at DateTime64(3, 'UTC'),
    earlier UInt64 MATERIALIZED bitNot(toUInt64(toUnixTimestamp64Milli(known_at)))
)
ENGINE = ReplacingMergeTree(earlier)
PARTITION BY toYYYYMM(date)
ORDER BY (district_id, school_id, student_id, date, version)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;
INSERT INTO fact_history
(district_id, school_year, date, school_id, student_id, grade, class, counted, version, known_at)
SELECT district_id, school_year, date, school_id, student_id, grade, class, counted, version, now64(3)
FROM student_day_facts FINAL;

-- backward
DROP TABLE IF EXISTS fact_history SYNC;
