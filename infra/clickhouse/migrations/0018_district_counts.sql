-- What is asked about the whole state, by district, so that it need not be added up from a thousand schools or half a
-- million students: the counts of a day, and how many students more or fewer (below 0) are in a band than on the day
-- before. As of a day it is the sum up to it. `grade` K-12 is all of these grades together. The sink works out anew
-- what is touched: of district_days a district's day, from day_counts; of district_bands a district's year, from the
-- steps of the standings. The row that was inserted last holds, and a cell that holds no more is replaced by zeros.

-- forward
CREATE TABLE IF NOT EXISTS district_days
(
    dimension LowCardinality(String),
    value LowCardinality(String),
    grade LowCardinality(String),
    district_id LowCardinality(String),
    school_year UInt16 COMMENT 'the calendar year in which the school year begins',
    date Date,
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
ORDER BY (dimension, value, grade, district_id, date)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS district_bands
(
    dimension LowCardinality(String),
    value LowCardinality(String),
    grade LowCardinality(String),
    district_id LowCardinality(String),
    school_year UInt16 COMMENT 'the calendar year in which the school year begins',
    date Date,
    under_5 Int32,
    under_10 Int32,
    under_20 Int32,
    over_20 Int32
)
ENGINE = ReplacingMergeTree
PARTITION BY school_year
ORDER BY (dimension, value, grade, district_id, date)
SETTINGS index_granularity = 256, fsync_after_insert = 1, fsync_part_directory = 1;

-- backward
DROP TABLE IF EXISTS district_bands SYNC;

DROP TABLE IF EXISTS district_days SYNC;
