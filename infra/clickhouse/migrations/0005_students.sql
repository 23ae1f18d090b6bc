-- The groups of each student, as the live student record has them: no name, no birth date. A blank is not given.
-- `version` is the offset, in the topic of the worker's state, of the value that they were read from.

-- forward
CREATE TABLE IF NOT EXISTS students
(
    district_id LowCardinality(String),
    student_id String,
    english_learner LowCardinality(String),
    disability LowCardinality(String),
    meals LowCardinality(String),
    homeless LowCardinality(String),
    race_ethnicity LowCardinality(String),
    gender LowCardinality(String),
    high_needs LowCardinality(String) MATERIALIZED multiIf(
        english_learner = 'yes' OR disability = 'yes' OR meals IN ('free', 'reduced'), 'yes',
        english_learner = '' OR disability = '' OR meals = '', '',
        'no'
    ) COMMENT 'any of English learner, disability, free or reduced meals',
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (district_id, student_id)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;

-- backward
DROP TABLE IF EXISTS students SYNC;
