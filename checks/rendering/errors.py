"""The error of everything that can go wrong while a document is made."""

from foundation.errors import ForFarError, gettext_noop

DETAIL_LIMIT = 200


class RenderError(ForFarError):
    """A document was not made.

    `reason` is a stable code for events and statistics. `permanent` says that a retry cannot help. `detail`
    is a short text for logs and never quotes the order.
    """

    code = "render_failed"
    message = gettext_noop("The check could not be rendered: %(reason)s.")

    def __init__(self, *, reason: str, permanent: bool, detail: str = "") -> None:
        super().__init__(reason=reason)
        self.reason = reason
        self.permanent = permanent
        self.detail = " ".join(detail.split())[-DETAIL_LIMIT:]
