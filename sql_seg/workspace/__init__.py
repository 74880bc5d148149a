"""Where people work: their settings, schema and queries, read in one way for every command.

``Workspace`` is the way in. Import it from its module, so that no more is loaded than a command needs.
"""
