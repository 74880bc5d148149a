"""How sure it is what SendGrid does: of each construct of the language, and of what is said about it."""

from __future__ import annotations

from enum import StrEnum


class Provenance(StrEnum):
    """How sure it is that SendGrid takes a construct, and means by it what is said here.

    Its reference documents it; an answer of its API shows it; queries in use rely on it; Snowflake documents
    it, on which SendGrid's queries evidently run; or nothing says so and this library decides.
    """

    DOCUMENTED = "doc"
    ANSWERED = "api"
    SEEN = "seen"
    SNOWFLAKE = "snow"
    OURS = "ours"

    @property
    def is_promised(self) -> bool:
        """Whether SendGrid itself has said so: what is not promised is an error in a strict check."""
        return self in (Provenance.DOCUMENTED, Provenance.ANSWERED)
