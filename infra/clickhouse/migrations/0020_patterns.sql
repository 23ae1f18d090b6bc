-- What questions about many schools or students at once read, worked out anew by the sink whenever it is touched.
-- school_days: on which days of a school year anybody was counted at a school, in order, and how many students
-- took an MHW day on each; by grade and group as in district_days. The row that was inserted last holds, and one
-- that holds no more has no days.
-- district_reasons: reason_counts of a district as a whole, by grade or by group; without the groups of one grade.
-- What is written, and when, is as in district_days.
-- standings.absences: on which of the days that `steps` are about the student was absent.
-- district_spans: a row a district and month, with a place in its lists for each student and each span of days
-- that meets the month: from when until before when the student was in a grade and band; what had been missed of
-- the district's first month, and of that month which begins with the first school day of the state (`missed`: 0
-- less than two days, 1 less than five, 2 five and more, 3 not there yet); band and grade at the end of the year
-- before (-1 and blank: none), MHW days of the whole year, and groups. It is written whole, and whole again when
-- anything of the district's year changes; a month that holds no more has empty lists.
-- Of these tables a few rows are read in very many places when a day is touched. So blocks are small, which new
-- parts of the older ones become too: a third of the work for an eighth more of the disk.

-- forward
CREATE TABLE IF NOT EXISTS school_days
(
    dimension LowCardinality(String),
    value LowCardinality(String),
    grade LowCardinality(String),
    district_id LowCardinality(String),
    school_id LowCardinality(String),
    school_year UInt16 COMMENT 'the calendar year in which the school year begins',
    days Array(Date),
    mhw Array(UInt32)
)
ENGINE = ReplacingMergeTree
PARTITION BY school_year
ORDER BY (dimension, value, grade, district_id, school_id)
SETTINGS index_granularity = 64, min_compress_block_size = 1024, max_compress_block_size = 8192,
    fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS district_reasons
(
    dimension LowCardinality(String),
    value LowCardinality(String),
    grade LowCardinality(String),
    remote UInt8,
    district_id LowCardinality(String),
    school_year UInt16 COMMENT 'the calendar year in which the school year begins',
    date Date,
    code LowCardinality(String),
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
ORDER BY (dimension, value, grade, remote, district_id, date, code)
SETTINGS index_granularity = 256, min_compress_block_size = 1024, max_compress_block_size = 8192,
    fsync_after_insert = 1, fsync_part_directory = 1;

ALTER TABLE standings ADD COLUMN IF NOT EXISTS absences Array(Date) AFTER steps;

CREATE TABLE IF NOT EXISTS district_spans
(
    school_year UInt16 COMMENT 'the calendar year in which the school year begins',
    month Date,
    district_id LowCardinality(String),
    first Date COMMENT 'the first day of the year on which anybody of the district was counted',
    state_first Date COMMENT 'of all districts, when the row was written',
    student_id Array(String),
    begins Array(Date),
    ends Array(Date),
    grade Array(LowCardinality(String)),
    band Array(UInt8),
    missed Array(UInt8),
    missed_of_state Array(UInt8),
    band_before Array(Int8),
    grade_before Array(LowCardinality(String)),
    mhw Array(UInt16),
    english_learner Array(LowCardinality(String)),
    disability Array(LowCardinality(String)),
    meals Array(LowCardinality(String)),
    high_needs Array(LowCardinality(String)),
    homeless Array(LowCardinality(String)),
    race_ethnicity Array(LowCardinality(String)),
    gender Array(LowCardinality(String))
)
ENGINE = ReplacingMergeTree
PARTITION BY school_year
ORDER BY (school_year, month, district_id)
SETTINGS index_granularity = 16, fsync_after_insert = 1, fsync_part_directory = 1;

ALTER TABLE day_counts MODIFY SETTING min_compress_block_size = 1024, max_compress_block_size = 8192;

ALTER TABLE district_days MODIFY SETTING min_compress_block_size = 1024, max_compress_block_size = 8192;

ALTER TABLE district_bands MODIFY SETTING min_compress_block_size = 1024, max_compress_block_size = 8192;

-- backward
ALTER TABLE district_bands RESET SETTING min_compress_block_size, max_compress_block_size;

ALTER TABLE district_days RESET SETTING min_compress_block_size, max_compress_block_size;

ALTER TABLE day_counts RESET SETTING min_compress_block_size, max_compress_block_size;

DROP TABLE IF EXISTS district_spans SYNC;

ALTER TABLE standings DROP COLUMN IF EXISTS absences;

DROP TABLE IF EXISTS district_reasons SYNC;

DROP TABLE IF EXISTS school_days SYNC;
