"""What the grades of a set say about the grader: figures with intervals, a report, a comparison of two."""
