"""Files of EdSight, the state's public reports, as they are downloaded."""
