"""Measurements of document reading: `make bench`, or `python -m benchmarks NAME`.

Belongs here: long runs over the generator's documents, speed, memory, fuzzing, and the page RESULTS.md that they write.
Does not: pass or fail anything (tests/ does, on a fixed seed); making or damaging documents (tests/typesetting).
"""
