-- Holds the place of a migration that is made on another branch, and goes away when the two meet.

-- forward
ALTER TABLE derived ADD COLUMN IF NOT EXISTS taken UInt8;

-- backward
ALTER TABLE derived DROP COLUMN IF EXISTS taken;
