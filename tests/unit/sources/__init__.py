"""Queries in files."""
