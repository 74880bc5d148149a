"""The strategies that are published."""
