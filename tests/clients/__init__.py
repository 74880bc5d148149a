"""The official clients, unchanged, against the emulator: ``make test-clients``."""
