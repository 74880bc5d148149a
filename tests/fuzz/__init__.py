"""Coverage-guided fuzzing: not part of the tests, see ``make fuzz``."""
