-- How many students were counted on a day, and how many of them were absent, by class: by school and grade, for
-- all students (dimension `all`, value blank) and for each value of each kind of group (blank: not given). The
-- sink works a school's day out anew from the facts whenever one of its facts or of its students' groups
-- changes; the row that was inserted last holds. A cell that holds no more is replaced by zeros.

-- forward
CREATE TABLE IF NOT EXISTS day_counts
(
    dimension LowCardinality(String),
    value LowCardinality(String),
    district_id LowCardinality(String),
    school_year UInt16 COMMENT 'the calendar year in which the school year begins',
    school_id LowCardinality(String),
    date Date,
    grade LowCardinality(String),
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
ORDER BY (dimension, value, district_id, school_id, date, grade)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;

-- backward
DROP TABLE IF EXISTS day_counts SYNC;
