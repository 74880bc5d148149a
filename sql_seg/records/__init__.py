"""Contacts and events as people have them: the types of their values, and what is wrong with some."""
