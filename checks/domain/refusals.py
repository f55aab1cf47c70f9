"""Why a command is refused. No Django."""

from foundation.errors import ForFarError, gettext_noop


class TransitionRefusedError(ForFarError):
    code = "transition_refused"
    message = gettext_noop("This is not possible while the check is in the state “%(status)s”.")


class NotRenderedError(ForFarError):
    code = "not_rendered"
    message = gettext_noop("The check's PDF is not ready yet.")


class DocumentMissingError(ForFarError):
    """The check is rendered, but its file is lost or not the one on record."""

    code = "document_missing"
    message = gettext_noop("The PDF of this check cannot be found.")


class NeverDownloadedError(ForFarError):
    code = "never_downloaded"
    message = gettext_noop("This printer has not downloaded the check.")


class ErasedError(ForFarError):
    code = "erased"
    message = gettext_noop("The check's data has been erased.")


class DocumentReplacedError(ForFarError):
    """A reprint came between opening the file and the download; an immediate retry succeeds."""

    code = "document_replaced"
    message = gettext_noop("The PDF of this check has just been replaced by another one; try again.")


class CopyTakenError(ForFarError):
    """Somebody else has made this copy meanwhile."""

    code = "copy_taken"
    message = gettext_noop("Somebody else has had this check printed again meanwhile.")
