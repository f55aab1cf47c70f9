"""Sending a PDF: streamed by this process, or by the server in front of it."""

import os
from urllib.parse import quote

from django.conf import settings
from django.core.files import File
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

PDF = "application/pdf"


def document_size(document: "File[bytes]") -> int:
    """Return the size of the open file, which may have lost its name to a newer file."""
    size = int(document.seek(0, os.SEEK_END))
    document.seek(0)
    return size


def pdf_response(document: "File[bytes]", *, filename: str) -> HttpResponseBase:
    """Answer with an open stored document. With X_ACCEL_PREFIX nginx reads the file instead of us."""
    if not settings.X_ACCEL_PREFIX:
        return FileResponse(document, content_type=PDF, filename=filename)
    document.close()
    return HttpResponse(
        content_type=PDF,
        headers={
            "X-Accel-Redirect": settings.X_ACCEL_PREFIX + quote(str(document.name)),
            "Content-Disposition": str(content_disposition_header(False, filename)),
        },
    )
