"""Engines that the rendered SQL is run on, each put to one account at a time."""
