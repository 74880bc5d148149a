"""The core form: what a query means, in one form for both dialects."""
