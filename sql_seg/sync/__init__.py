"""A folder of segments in step with an account: what differs, and what is to be done about it.

A segment is a ``.sql`` file with a header of comments; the account is asked over the Segments API. What both
sides last agreed on stands in a lock file, one for each environment, so that a change on one side and
a change on the other are two things, and one on both is a conflict that nobody overwrites.
"""
