"""Checks of `manage.py check --deploy` for rendering on this machine."""

import shutil
from typing import Any

from django.conf import settings
from django.core import checks

from checks.rendering.engine.isolation import OFF, ON, find_way

HINT = "Install bubblewrap, or let the process make namespaces (unshare)."


@checks.register(deploy=True)
def check_isolation(**_options: Any) -> list[checks.CheckMessage]:
    """Warn if nothing isolates a local renderer from the network."""
    program = None if settings.WKHTMLTOPDF_URL else shutil.which(settings.WKHTMLTOPDF_BINARY)
    if program is None:
        return []
    if settings.RENDER_SANDBOX == OFF:
        return [checks.Warning("RENDER_SANDBOX is off: the renderer is not isolated.", id="checks.W001")]
    if find_way(program) is not None:
        return []
    if settings.RENDER_SANDBOX == ON:
        return [
            checks.Error("RENDER_SANDBOX is on, and nothing can be rendered.", hint=HINT, id="checks.E001")
        ]
    return [checks.Warning("This machine cannot isolate the renderer.", hint=HINT, id="checks.W002")]
