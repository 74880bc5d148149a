"""Engines: contacts and events that stay where they are, and are asked there."""
