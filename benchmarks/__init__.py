"""Benchmarks, run by hand; the README quotes what they print."""
