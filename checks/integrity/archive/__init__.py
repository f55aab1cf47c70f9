"""The archive: closed checks leave the tables, and what happened to them stays in files that can be verified.

A part is some 500 checks of orders of one day, and three files: the checks, one line each with all of
their events and history records; the leaves of their events, for the seals; and a manifest, which is written
last. A part without its manifest is none. One transaction lists a part in the tables and takes its rows out
of them: whatever is interrupted when, each check is either in the tables or in a part that they list.
"""

from checks.integrity.archive.run import Archived, archive
from checks.integrity.archive.verification import PartVerified, verify_archive

__all__ = ["Archived", "PartVerified", "archive", "verify_archive"]
