"""Queries of one dialect said in the other: ``upgrade`` from v1 to v2, ``downgrade`` back.

What comes out selects the same contacts, and says how that is known: by a proof, or because nothing that was
tried tells the two apart. What the other dialect cannot say is refused, never approached.
"""

from sql_seg.upgrading.downward import downgrade
from sql_seg.upgrading.result import Obstacle, Refusal, Upgrade
from sql_seg.upgrading.upward import upgrade

__all__ = ["Obstacle", "Refusal", "Upgrade", "downgrade", "upgrade"]
