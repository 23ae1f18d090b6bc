-- What was released: each number as it was decided, NULL where hidden, and the list of releases. The cells of a
-- release are written first and its row in the list last, so that one which broke off is read by nobody. Cells of
-- another version stay beside them; whoever reads takes those of the version in the list.

-- forward
CREATE TABLE IF NOT EXISTS released_cells
(
    district_id LowCardinality(String),
    school_year UInt16 COMMENT 'the calendar year in which the school year begins',
    as_of Date,
    version UInt64 COMMENT 'of the release',
    table_name LowCardinality(String) COMMENT 'bands, attendance or alerts',
    school_id LowCardinality(String) COMMENT 'blank: all',
    grade LowCardinality(String) COMMENT 'blank: all but PK',
    dimension LowCardinality(String) COMMENT 'the kind of student group; all: everybody',
    member LowCardinality(String) COMMENT 'its value; blank: not given',
    month LowCardinality(String) COMMENT 'such as 2024-10; blank: all',
    rule LowCardinality(String) COMMENT 'of alerts',
    measure LowCardinality(String),
    value Nullable(UInt32) COMMENT 'NULL where hidden',
    reason LowCardinality(String) COMMENT 'why hidden, for those who may see the numbers; blank where shown'
)
ENGINE = ReplacingMergeTree
PARTITION BY school_year
ORDER BY (district_id, as_of, version, table_name, school_id, grade, dimension, member, month, rule, measure)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS releases
(
    district_id LowCardinality(String),
    school_year UInt16 COMMENT 'the calendar year in which the school year begins',
    as_of Date,
    version UInt64 COMMENT 'the Unix time in milliseconds at which it was made',
    made_by String COMMENT 'schedule, or the user of the machine who called the command',
    data_through Date COMMENT 'the last counted day by then',
    least_count UInt16 COMMENT 'counts below it are hidden',
    least_size UInt16 COMMENT 'all counts of groups below it are hidden',
    values_open UInt16 COMMENT 'so many values of a number that is hidden for itself stay possible',
    cells UInt32 COMMENT 'how many numbers it holds, hidden ones too'
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY school_year
ORDER BY (district_id, school_year, as_of)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- backward
DROP TABLE IF EXISTS releases SYNC;

DROP TABLE IF EXISTS released_cells SYNC;
