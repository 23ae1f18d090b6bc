-- By which form of the SQL the derived tables were last worked out as a whole (infra/clickhouse/derived.py).

-- forward
CREATE TABLE IF NOT EXISTS derived
(
    name LowCardinality(String),
    form UInt32,
    at DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY name;

-- backward
DROP TABLE IF EXISTS derived SYNC;
