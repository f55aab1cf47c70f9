"""Why something is not archived."""

from foundation.errors import ForFarError, gettext_noop


class TooRecentError(ForFarError):
    """Whoever reads along outside of the service needs the time to have read it."""

    code = "archive_too_recent"
    message = gettext_noop("The archive takes only what is at least a day old.")


class ForeignPartError(ForFarError):
    code = "archive_foreign_part"
    message = gettext_noop("Part %(part)s in the folder is of another log: take another folder.")


class PartWaitsError(ForFarError):
    """An earlier run has written it; since then the tables were restored, or somebody reads the log anew."""

    code = "archive_part_waits"
    message = gettext_noop("Part %(part)s, which an earlier run has written, has to wait for: %(reader)s.")


class PartBrokenError(ForFarError):
    """Nothing of the part was taken out of the tables."""

    code = "archive_part_broken"
    message = gettext_noop("Part %(part)s of the archive does not verify: %(problem)s")


class PartMissingError(ForFarError):
    code = "archive_part_missing"
    message = gettext_noop(
        "Seal %(seal)s covers events of part %(part)s too, which is not in the folder: bring it back."
    )
