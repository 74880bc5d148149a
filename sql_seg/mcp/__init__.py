"""Segments for assistants, by the Model Context Protocol: what the command line does, as tools."""
