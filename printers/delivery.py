"""When a printer's download counts as a print. Without Django, so that the domain can use it."""

from enum import Enum


class Delivery(str, Enum):
    """A printer's policy; see docs/api.md."""

    DOWNLOAD = "download"
    CONFIRM = "confirm"
    RESEND = "resend"
