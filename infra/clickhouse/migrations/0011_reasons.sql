-- Which local code decided a day: of absences, and of attended days only where the code is a remote one; blank
-- on all others, and on facts that an older version published. `remote`: not at school, attended or absent.
-- How often each code did so on a school's day, by grade and by all groups of the students at once, of the facts
-- that have a code or are absences: as with `day_counts` the row that was inserted last holds, and zeros replace
-- a cell that is no more. And what each district calls its codes: `since` is the first date of a label, blank of
-- one that always held; the three lists of a row belong together.

-- forward
ALTER TABLE student_day_facts ADD COLUMN IF NOT EXISTS code LowCardinality(String) DEFAULT '' AFTER class;

ALTER TABLE student_day_facts ADD COLUMN IF NOT EXISTS remote UInt8 DEFAULT 0 AFTER code;

ALTER TABLE fact_history ADD COLUMN IF NOT EXISTS code LowCardinality(String) DEFAULT '' AFTER class;

ALTER TABLE fact_history ADD COLUMN IF NOT EXISTS remote UInt8 DEFAULT 0 AFTER code;

CREATE TABLE IF NOT EXISTS reason_counts
(
    district_id LowCardinality(String),
    school_year UInt16 COMMENT 'the calendar year in which the school year begins',
    school_id LowCardinality(String),
    date Date,
    grade LowCardinality(String),
    code LowCardinality(String),
    remote UInt8,
    english_learner LowCardinality(String),
    disability LowCardinality(String),
    meals LowCardinality(String),
    high_needs LowCardinality(String),
    homeless LowCardinality(String),
    race_ethnicity LowCardinality(String),
    gender LowCardinality(String),
    counted UInt32,
    absent UInt32,
    excused UInt32,
    unexcused UInt32,
    disciplinary UInt32,
    mhw UInt32,
    unknown UInt32
)
ENGINE = ReplacingMergeTree
PARTITION BY school_year
PRIMARY KEY (district_id, school_id, date)
ORDER BY (
    district_id, school_id, date, grade, code, remote,
    english_learner, disability, meals, high_needs, homeless, race_ethnicity, gender
)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS code_labels
(
    district_id LowCardinality(String),
    codes Array(String),
    since Array(String),
    labels Array(String),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY district_id
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- backward
DROP TABLE IF EXISTS code_labels SYNC;

DROP TABLE IF EXISTS reason_counts SYNC;

ALTER TABLE fact_history DROP COLUMN IF EXISTS remote;

ALTER TABLE fact_history DROP COLUMN IF EXISTS code;

ALTER TABLE student_day_facts DROP COLUMN IF EXISTS remote;

ALTER TABLE student_day_facts DROP COLUMN IF EXISTS code;
