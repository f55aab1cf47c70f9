"""Where the PDFs are kept."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from checks.rendering.errors import RenderError


def pdf_name(order_id: int, check_type: str) -> str:
    """Name the file in the storage: a function of order and type, so two printers of a type share it."""
    return f"pdf/{order_id:d}_{check_type}.pdf"  # :d refuses whatever is no number


def copy_name(order_id: int, check_type: str, check_id: int, copy: int) -> str:
    """Name the file of a paper copy: each is one check's own, and its number is never given out again."""
    return f"pdf/{order_id:d}_{check_type}_{check_id:d}_copy{copy:d}.pdf"


def exists(name: str) -> bool:
    """Tell whether the PDF is there, whole or not."""
    return default_storage.exists(name)


def is_stored(name: str, size: int) -> bool:
    """Tell whether the PDF is there with so many bytes."""
    try:
        return default_storage.size(name) == size
    except OSError:
        return False


def delete_pdf(name: str) -> None:
    """Delete the PDF; that there is none is no error."""
    default_storage.delete(name)


def store_pdf(name: str, content: bytes) -> str:
    """Write the PDF in one step and give its name; raises RenderError (storage) when it cannot."""
    try:
        return default_storage.save(name, ContentFile(content))
    except OSError as error:
        raise RenderError(reason="storage", permanent=False, detail=str(error.strerror)) from error
