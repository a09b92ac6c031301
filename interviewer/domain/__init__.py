"""The rules: questions, tracks, the interview's clock and state, verdicts and scores. No files, clock, chance or network."""
