-- What analysts may read: views over what was released, and over how the sink gets on. They are read with the
-- rights of the user who made them, so that whoever reads them needs no right to the tables. A cell that came
-- twice is there twice with the same number, of which max takes one; NULL stays NULL. No view has the reasons.

-- forward
CREATE TABLE IF NOT EXISTS pipeline_minutes
(
    minute DateTime('UTC'),
    messages UInt32 COMMENT 'stored since the row before',
    rows UInt32 COMMENT 'of facts, alerts and students, stored since the row before',
    lag_messages UInt32 COMMENT 'not stored yet'
)
ENGINE = MergeTree
ORDER BY minute
TTL minute + INTERVAL 90 DAY;

CREATE VIEW IF NOT EXISTS reporting_releases
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT
    district_id, school_year, as_of, fromUnixTimestamp64Milli(toInt64(version), 'UTC') AS made_at, data_through,
    least_count, least_size, values_open, cells
FROM releases FINAL;

CREATE VIEW IF NOT EXISTS reporting_bands
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT
    district_id, school_year, as_of, school_id, grade, dimension, member,
    maxIf(value, measure = 'enrolled') AS enrolled,
    maxIf(value, measure = 'under_5') AS under_5,
    maxIf(value, measure = 'under_10') AS under_10,
    maxIf(value, measure = 'under_20') AS under_20,
    maxIf(value, measure = 'over_20') AS over_20,
    maxIf(value, measure = 'chronic') AS chronic,
    round(100 * chronic / enrolled, 1) AS chronic_percent
FROM released_cells
WHERE table_name = 'bands' AND (district_id, school_year, as_of, version) IN (
        SELECT district_id, school_year, as_of, max(version) FROM releases GROUP BY ALL
    )
GROUP BY district_id, school_year, as_of, school_id, grade, dimension, member;

CREATE VIEW IF NOT EXISTS reporting_attendance
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT
    district_id, school_year, as_of, school_id, month,
    maxIf(value, measure = 'counted') AS counted,
    maxIf(value, measure = 'absent') AS absent,
    round(100 * (counted - absent) / counted, 1) AS attendance_percent
FROM released_cells
WHERE table_name = 'attendance' AND (district_id, school_year, as_of, version) IN (
        SELECT district_id, school_year, as_of, max(version) FROM releases GROUP BY ALL
    )
GROUP BY district_id, school_year, as_of, school_id, month;

CREATE VIEW IF NOT EXISTS reporting_alerts
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT
    district_id, school_year, as_of, rule,
    maxIf(value, measure = 'standing') AS standing,
    maxIf(value, measure = 'recovered') AS recovered,
    maxIf(value, measure = 'withdrawn') AS withdrawn,
    round(100 * withdrawn / (standing + recovered + withdrawn), 1) AS withdrawn_percent
FROM released_cells
WHERE table_name = 'alerts' AND (district_id, school_year, as_of, version) IN (
        SELECT district_id, school_year, as_of, max(version) FROM releases GROUP BY ALL
    )
GROUP BY district_id, school_year, as_of, rule;

-- Sums of what the districts show, and how many of them that are: nothing can be worked out from them that cannot
-- be from the districts' own numbers.
CREATE VIEW IF NOT EXISTS reporting_state
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT
    school_year, as_of, grade, dimension, member,
    count() AS districts,
    countIf(isNotNull(enrolled) AND isNotNull(chronic)) AS districts_shown,
    if(districts_shown > 0, sumIf(enrolled, isNotNull(chronic)), NULL) AS enrolled_shown,
    if(districts_shown > 0, sumIf(chronic, isNotNull(enrolled)), NULL) AS chronic_shown,
    round(100 * chronic_shown / enrolled_shown, 1) AS chronic_percent
FROM reporting_bands
WHERE school_id = ''
GROUP BY school_year, as_of, grade, dimension, member;

CREATE VIEW IF NOT EXISTS reporting_pipeline
DEFINER = CURRENT_USER SQL SECURITY DEFINER AS
SELECT
    toStartOfHour(minute) AS hour,
    sum(messages) AS messages_stored,
    sum(rows) AS rows_stored,
    max(lag_messages) AS most_waiting,
    argMax(lag_messages, minute) AS waiting,
    max(minute) AS last_seen
FROM pipeline_minutes
GROUP BY hour;

-- backward
DROP VIEW IF EXISTS reporting_pipeline SYNC;

DROP VIEW IF EXISTS reporting_state SYNC;

DROP VIEW IF EXISTS reporting_alerts SYNC;

DROP VIEW IF EXISTS reporting_attendance SYNC;

DROP VIEW IF EXISTS reporting_bands SYNC;

DROP VIEW IF EXISTS reporting_releases SYNC;

DROP TABLE IF EXISTS pipeline_minutes SYNC;
