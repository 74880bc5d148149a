"""Where people work: their settings, schema and queries, read in one way for every command.

``Workspace`` is the way in. It is imported from its module, so that what a command does not need is not loaded.
"""
