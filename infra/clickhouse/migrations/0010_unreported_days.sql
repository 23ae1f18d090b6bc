-- How many membership days before the last counted one are not reported: with them a rate has bounds. A row that
-- was written before says 0, until the student's days move again.

-- forward
ALTER TABLE standings ADD COLUMN IF NOT EXISTS unreported_days UInt16 DEFAULT 0;

ALTER TABLE alert_events ADD COLUMN IF NOT EXISTS unreported_days UInt16 DEFAULT 0;

DROP VIEW IF EXISTS alerts SYNC;

CREATE VIEW IF NOT EXISTS alerts AS
SELECT
    district_id,
    alert_id,
    max(events.sequence) AS amendments,
    argMax(events.condition, events.sequence) AS condition,
    argMax(events.scope, events.sequence) AS scope,
    argMax(events.school_id, events.sequence) AS school_id,
    argMax(events.opening_school_id, events.sequence) AS opening_school_id,
    argMax(events.student_id, events.sequence) AS student_id,
    argMax(events.school_year, events.sequence) AS school_year,
    argMax(events.rule, events.sequence) AS rule,
    argMax(events.opened_on, events.sequence) AS opened_on,
    -- argMax passes over NULL, and would show a recovery that is no more; inside a tuple it does not.
    argMax(tuple(events.recovered_on), events.sequence).1 AS recovered_on,
    argMax(events.enrolled_days, events.sequence) AS enrolled_days,
    argMax(events.absent_days, events.sequence) AS absent_days,
    argMax(events.dates, events.sequence) AS dates,
    argMax(events.policy_version, events.sequence) AS policy_version,
    argMax(tuple(events.data_through), events.sequence).1 AS data_through,
    argMax(events.version, events.sequence) AS version,
    argMax(events.unreported_days, events.sequence) AS unreported_days
FROM alert_events AS events FINAL
GROUP BY district_id, alert_id;

-- backward
DROP VIEW IF EXISTS alerts SYNC;

ALTER TABLE alert_events DROP COLUMN IF EXISTS unreported_days;

ALTER TABLE standings DROP COLUMN IF EXISTS unreported_days;

CREATE VIEW IF NOT EXISTS alerts AS
SELECT
    district_id,
    alert_id,
    max(events.sequence) AS amendments,
    argMax(events.condition, events.sequence) AS condition,
    argMax(events.scope, events.sequence) AS scope,
    argMax(events.school_id, events.sequence) AS school_id,
    argMax(events.opening_school_id, events.sequence) AS opening_school_id,
    argMax(events.student_id, events.sequence) AS student_id,
    argMax(events.school_year, events.sequence) AS school_year,
    argMax(events.rule, events.sequence) AS rule,
    argMax(events.opened_on, events.sequence) AS opened_on,
    -- argMax passes over NULL, and would show a recovery that is no more; inside a tuple it does not.
    argMax(tuple(events.recovered_on), events.sequence).1 AS recovered_on,
    argMax(events.enrolled_days, events.sequence) AS enrolled_days,
    argMax(events.absent_days, events.sequence) AS absent_days,
    argMax(events.dates, events.sequence) AS dates,
    argMax(events.policy_version, events.sequence) AS policy_version,
    argMax(tuple(events.data_through), events.sequence).1 AS data_through,
    argMax(events.version, events.sequence) AS version
FROM alert_events AS events FINAL
GROUP BY district_id, alert_id;
