"""How diagnostics look."""
