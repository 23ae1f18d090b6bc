-- The current standing of each student: one row in district scope (`school_id` blank) and one for each school.
-- A standing that holds no more is replaced by a row with `enrolled_days` 0. `version` is the greatest of the
-- student's facts. `last_school_id` and `grade` are those of the last counted day, `data_through`.

-- forward
CREATE TABLE IF NOT EXISTS standings
(
    district_id LowCardinality(String),
    school_year UInt16 COMMENT 'the calendar year in which the school year begins',
    student_id String,
    scope LowCardinality(String),
    school_id LowCardinality(String),
    last_school_id LowCardinality(String),
    grade LowCardinality(String),
    enrolled_days UInt16,
    absent_days UInt16,
    excused_days UInt16,
    unexcused_days UInt16,
    disciplinary_days UInt16,
    mhw_days UInt16,
    unknown_days UInt16,
    tier LowCardinality(String),
    data_through Nullable(Date),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY school_year
ORDER BY (district_id, school_year, student_id, scope, school_id)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;

-- backward
DROP TABLE IF EXISTS standings SYNC;
