"""Names and storage of PDFs."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from checks.rendering.errors import RenderError


def pdf_name(order_id: int, check_type: str) -> str:
    """Return the file's name in the storage. Printers of one type share the file."""
    return f"pdf/{order_id:d}_{check_type}.pdf"  # :d refuses anything but a number


def copy_name(order_id: int, check_type: str, check_id: int, copy: int) -> str:
    """Return the name of a copy's file, which belongs to one check. A number is never used twice."""
    return f"pdf/{order_id:d}_{check_type}_{check_id:d}_copy{copy:d}.pdf"


def exists(name: str) -> bool:
    """Tell whether the PDF exists, complete or not."""
    return default_storage.exists(name)


def is_stored(name: str, size: int) -> bool:
    """Tell whether the PDF exists with this size in bytes."""
    try:
        return default_storage.size(name) == size
    except OSError:
        return False


def delete_pdf(name: str) -> None:
    """Delete the PDF. A missing one is not an error."""
    default_storage.delete(name)


def store_pdf(name: str, content: bytes) -> str:
    """Write the PDF atomically and return its name. Raises RenderError (storage)."""
    try:
        return default_storage.save(name, ContentFile(content))
    except OSError as error:
        raise RenderError(reason="storage", permanent=False, detail=str(error.strerror)) from error
