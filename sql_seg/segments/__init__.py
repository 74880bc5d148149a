"""Segments: one, several, those in files, and the stages between a text and its members."""
