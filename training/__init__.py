"""How the embedded grader's model is made: pairs of point and passage, training, export, evaluation. Run by hand; see README.md."""
