-- What was learned of a student's band, and when: how many students (1 or -1) more are in a band from a date on than
-- was believed until `known_at`. `school_id` is blank for the district as a whole. So the bands of a day as they were
-- known at an instant are today's without all that was learned since. The sink works out anew, from fact_history, what
-- a student's facts have taught since the first of those that are new; the row that was inserted last holds, and 0
-- replaces a change that is no more. The groups are today's.

-- forward
-- Two partitions a month of learning, for what is learned in time and what is late: a question about one day passes
-- over what was known before the instant, and over what is about later days.
CREATE TABLE IF NOT EXISTS known_bands
(
    district_id LowCardinality(String),
    school_year UInt16 COMMENT 'the calendar year in which the school year begins',
    student_id String,
    school_id LowCardinality(String),
    known_at DateTime64(3, 'UTC'),
    date Date,
    grade LowCardinality(String),
    band UInt8,
    students Int8,
    english_learner LowCardinality(String),
    disability LowCardinality(String),
    meals LowCardinality(String),
    high_needs LowCardinality(String),
    homeless LowCardinality(String),
    race_ethnicity LowCardinality(String),
    gender LowCardinality(String)
)
ENGINE = ReplacingMergeTree
PARTITION BY (school_id = '', toYYYYMM(known_at), toDate(known_at) > addDays(date, 7))
PRIMARY KEY (district_id, student_id, school_id)
ORDER BY (district_id, student_id, school_id, known_at, date, grade, band)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;

-- backward
DROP TABLE IF EXISTS known_bands SYNC;
