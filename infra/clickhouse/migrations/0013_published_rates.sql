-- Chronic rates as the state has published them, read in by `rollcall published`: of the state, a district
-- or a school, in EdSight's codes. `district` and `school` are the codes, or the names where a file has no
-- codes. A number that is NULL was hidden. `rate` is in hundredths of a percent; `version` is the Unix time in
-- milliseconds at which the row was read in: of two the later holds.

-- forward
CREATE TABLE IF NOT EXISTS published_rates
(
    school_year UInt16 COMMENT 'the calendar year in which the school year begins',
    level LowCardinality(String),
    district String,
    school String,
    dimension LowCardinality(String),
    value LowCardinality(String),
    district_code String,
    district_name String,
    school_code String,
    school_name String,
    chronic Nullable(UInt32),
    rate Nullable(UInt16),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (level, district, school, dimension, value, school_year)
SETTINGS index_granularity = 1024, fsync_after_insert = 1, fsync_part_directory = 1;

-- backward
DROP TABLE IF EXISTS published_rates SYNC;
