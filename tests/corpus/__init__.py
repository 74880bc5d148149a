"""The language as cases in Markdown, and what reads them. README.md says how to write them."""
