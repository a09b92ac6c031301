"""question_bank/ -> domain: load, check, statistics."""
