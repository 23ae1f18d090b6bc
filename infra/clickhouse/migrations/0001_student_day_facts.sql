-- What one day was for one student at one school. A fact with a later version replaces the one before it;
-- `counted` 0 says that the day counts no more for that student there. `class` is blank in attendance.
-- `version` is the offset of the records message that the fact follows from.

-- forward
-- Few students change on a day that is not the last, so granules are small. Offsets are committed durably,
-- so parts are too: an insert returns when the disk has it.
CREATE TABLE IF NOT EXISTS student_day_facts
(
    district_id LowCardinality(String),
    school_year UInt16 COMMENT 'the calendar year in which the school year begins',
    date Date,
    school_id LowCardinality(String),
    student_id String,
    grade LowCardinality(String),
    class LowCardinality(String),
    counted UInt8,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(date)
ORDER BY (district_id, school_id, student_id, date)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;

-- backward
DROP TABLE IF EXISTS student_day_facts SYNC;
