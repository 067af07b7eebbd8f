"""The feedback as a benchmark: planted answers, misconceptions and mutants as data, and two checkers scored on them."""
