-- district_spans.bucket: the students of a district and month are in lists of sixteen rows instead of one, by CRC32 of
-- the id modulo 16. A correction of a student writes the row that the student is in, and not those of a whole district,
-- which were most of what was merged afterwards. A bucket of no one has empty lists.

-- forward
ALTER TABLE district_spans
    ADD COLUMN IF NOT EXISTS bucket UInt8 COMMENT 'CRC32(student_id) % 16' AFTER district_id,
    MODIFY ORDER BY (school_year, month, district_id, bucket);

-- backward
-- What is derived is worked out as a whole at the next start. Sixteen rows of a month would be one without the bucket,
-- and within a part they would not replace each other.
TRUNCATE TABLE IF EXISTS derived;

TRUNCATE TABLE IF EXISTS district_spans;

ALTER TABLE district_spans MODIFY ORDER BY (school_year, month, district_id);

ALTER TABLE district_spans DROP COLUMN IF EXISTS bucket;
