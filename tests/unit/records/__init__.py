"""Loading, file by file."""
