"""The one way in which making a document fails."""

from foundation.errors import ForFarError, gettext_noop

DETAIL_LIMIT = 200


class RenderError(ForFarError):
    """A document was not made.

    `reason` is a stable short code for events and statistics, `permanent` says that trying again cannot
    help, `detail` is a short text for logs that quotes nothing of the order.
    """

    code = "render_failed"
    message = gettext_noop("The check could not be rendered: %(reason)s.")

    def __init__(self, *, reason: str, permanent: bool, detail: str = "") -> None:
        super().__init__(reason=reason)
        self.reason = reason
        self.permanent = permanent
        self.detail = " ".join(detail.split())[-DETAIL_LIMIT:]
