-- What was learned after an instant is found without reading what was known long before: most granules of a month
-- hold nothing that came later than a few days after it. Parts that are there get the index when they are merged.

-- forward
ALTER TABLE fact_history ADD INDEX IF NOT EXISTS known_since known_at TYPE minmax GRANULARITY 1;

-- backward
ALTER TABLE fact_history DROP INDEX IF EXISTS known_since;
