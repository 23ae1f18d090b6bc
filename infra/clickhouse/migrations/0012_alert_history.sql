-- Every event of every alert, with the instant at which the worker published it: what was known then. An event
-- that came twice stands at its first time. Events of before this migration are known from the migration on.

-- forward
-- A student's events lie together: the question "did we know" is about one student.
CREATE TABLE IF NOT EXISTS alert_history
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
    version UInt64,
    unreported_days UInt16,
    known_at DateTime64(3, 'UTC'),
    earlier UInt64 MATERIALIZED bitNot(toUInt64(toUnixTimestamp64Milli(known_at)))
)
ENGINE = ReplacingMergeTree(earlier)
PARTITION BY school_year
ORDER BY (district_id, student_id, alert_id, sequence, version)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;
INSERT INTO alert_history
(district_id, alert_id, sequence, change, condition, scope, school_id, opening_school_id, student_id, school_year,
 rule, opened_on, recovered_on, enrolled_days, absent_days, dates, policy_version, data_through, version,
 unreported_days, known_at)
SELECT
    district_id, alert_id, sequence, change, condition, scope, school_id, opening_school_id, student_id,
    school_year, rule, opened_on, recovered_on, enrolled_days, absent_days, dates, policy_version, data_through,
    version, unreported_days, now64(3)
FROM alert_events FINAL;

-- backward
DROP TABLE IF EXISTS alert_history SYNC;
