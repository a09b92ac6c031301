"""The grader that needs no network: passages of the answer against each point's wordings, judged by a small model. An estimate."""
