"""Pages as people open them, in Chromium: ``make test-browser``."""
