"""Records by construction."""
