"""Properties that hold for every query, every text and every contact."""
