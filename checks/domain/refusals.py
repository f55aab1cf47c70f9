"""What the life of a check does not allow, by why. No Django."""

from foundation.errors import ForFarError, gettext_noop


class TransitionRefusedError(ForFarError):
    code = "transition_refused"
    message = gettext_noop("This is not possible while the check is in the state “%(status)s”.")


class NotRenderedError(ForFarError):
    code = "not_rendered"
    message = gettext_noop("The check's PDF is not ready yet.")


class DocumentMissingError(ForFarError):
    """The check is rendered, but its file is lost or not the one on record: our fault, or the disk's."""

    code = "document_missing"
    message = gettext_noop("The PDF of this check cannot be found.")


class NeverDownloadedError(ForFarError):
    code = "never_downloaded"
    message = gettext_noop("This printer has not downloaded the check.")


class ErasedError(ForFarError):
    code = "erased"
    message = gettext_noop("The check's data has been erased.")


class DocumentReplacedError(ForFarError):
    """A reprint came between the opening of the file and the download: worth another try at once."""

    code = "document_replaced"
    message = gettext_noop("The PDF of this check has just been replaced by another one; try again.")


class CopyTakenError(ForFarError):
    """Who asks for a copy has not seen the one that somebody else had printed meanwhile."""

    code = "copy_taken"
    message = gettext_noop("Somebody else has had this check printed again meanwhile.")
