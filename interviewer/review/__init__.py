"""Looking back: the report of a session, its history line, its exports. Pure; the caller reads and writes."""
