"""Why the archive refuses something."""

from foundation.errors import ForFarError, gettext_noop


class TooRecentError(ForFarError):
    """Readers outside the service need time to read the events first."""

    code = "archive_too_recent"
    message = gettext_noop("The archive takes only what is at least a day old.")


class ForeignPartError(ForFarError):
    code = "archive_foreign_part"
    message = gettext_noop("Part %(part)s in the folder is of another log: take another folder.")


class PartWaitsError(ForFarError):
    """A part that an earlier run wrote waits, because the tables were restored or a reader started again."""

    code = "archive_part_waits"
    message = gettext_noop("Part %(part)s, which an earlier run has written, has to wait for: %(reader)s.")


class PartBrokenError(ForFarError):
    """The part cannot be verified; its rows stay in the tables."""

    code = "archive_part_broken"
    message = gettext_noop("Part %(part)s of the archive does not verify: %(problem)s")


class PartMissingError(ForFarError):
    code = "archive_part_missing"
    message = gettext_noop(
        "Seal %(seal)s covers events of part %(part)s too, which is not in the folder: bring it back."
    )
