"""A report of many segments: what is in it, as a page, as Markdown and as JSON."""
