"""Who acts in the admin."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from foundation.context import Actor


def staff_actor(request: HttpRequest) -> Actor:
    """Return the logged-in member of staff as an actor; raises PermissionDenied if nobody is logged in."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return Actor.staff(request.user.pk)
