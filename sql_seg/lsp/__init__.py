"""Segments in an editor, by the Language Server Protocol.

``features`` is what an editor asks, over texts and offsets alone; ``server`` speaks the protocol, with pygls.
"""
