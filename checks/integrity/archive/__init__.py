"""The archive: the checks of finished orders move from the tables into files that can be verified.

A part holds about 500 checks of one day's orders, in three files. The first has a line for each check, with
its events and history records. The second has the hashes of the events, as leaves for the seals. The third is
the manifest, which is written last and completes the part.

One transaction lists a part in the tables and deletes its rows from them. So an interruption leaves each
check either in the tables or in a listed part.
"""

from checks.integrity.archive.run import Archived, archive
from checks.integrity.archive.verification import PartVerified, verify_archive

__all__ = ["Archived", "PartVerified", "archive", "verify_archive"]
