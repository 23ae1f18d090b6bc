-- The history of every alert: one row an event, however often the event was published.

-- forward
CREATE TABLE IF NOT EXISTS alert_events
(
    district_id LowCardinality(String),
    alert_id String,
    sequence UInt32,
    change LowCardinality(String),
    condition LowCardinality(String),
    scope LowCardinality(String),
    school_id LowCardinality(String),
    opening_school_id LowCardinality(String),
    student_id String,
    school_year UInt16 COMMENT 'the calendar year in which the school year begins',
    rule LowCardinality(String),
    opened_on Date,
    recovered_on Nullable(Date),
    enrolled_days UInt16,
    absent_days UInt16,
    dates Array(Date),
    policy_version LowCardinality(String),
    data_through Nullable(Date),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY school_year
ORDER BY (district_id, alert_id, sequence)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- backward
DROP TABLE IF EXISTS alert_events SYNC;
