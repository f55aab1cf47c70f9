"""When a printer's download counts as a print. No Django, so that the domain can use it."""

from enum import Enum


class Delivery(str, Enum):
    """When a download counts as a print; see docs/api.md."""

    DOWNLOAD = "download"
    CONFIRM = "confirm"
    RESEND = "resend"
