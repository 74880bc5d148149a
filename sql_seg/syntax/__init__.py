"""Text and syntax tree: the nodes, parsing, and writing a tree as text or JSON."""
