-- Since when a standing is what it is: a step for each counted day on which the school, the grade or the band
-- became another one than on the counted day before. `band`: 0 under 5 %, 1 under 10 %, 2 under 20 %, 3 from
-- 20 % on; in K-12 band 2 is Tier II and band 3 Tier III. So the standings of any past day are known.

-- forward
ALTER TABLE standings ADD COLUMN IF NOT EXISTS steps
    Array(Tuple(date Date, school_id String, grade String, band UInt8)) AFTER data_through;

-- backward
ALTER TABLE standings DROP COLUMN IF EXISTS steps;
