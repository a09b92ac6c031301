"""What ships with the product to compare texts: files checked by their hashes; word vectors, and the place of the next grader's model."""
