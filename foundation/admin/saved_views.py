"""Saved views of lists. Every user has their own and sees nobody else's."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from foundation.errors import ForFarError, gettext_noop
from foundation.models import MAX_QUERY, SavedView

MAX_VIEWS = 20  # of one user and list


class TooManyViewsError(ForFarError):
    code = "too_many_views"
    message = gettext_noop("You already have %(limit)s views of this list: delete one first.")


class ViewNameTakenError(ForFarError):
    code = "view_name_taken"
    message = gettext_noop("You already have a view named “%(name)s”: choose another name.")


class NothingToSaveError(ForFarError):
    code = "nothing_to_save"
    message = gettext_noop("Filter the list first, then save the filters.")


class FiltersTooLongError(ForFarError):
    code = "filters_too_long"
    message = gettext_noop("These filters are too long to save: use fewer of them.")


class ViewNotFoundError(ForFarError):
    code = "view_not_found"
    message = gettext_noop("You have no such view.")


def views_of(user: Any, list_name: str) -> list[SavedView]:
    """Return the user's own views of a list, by name."""
    return list(SavedView.objects.filter(user=user, list_name=list_name).order_by("name"))


def view_of(user: Any, list_name: str, view_id: int) -> SavedView:
    """Return one of the user's own views of this list; raises ViewNotFoundError for any other."""
    view = SavedView.objects.filter(user=user, list_name=list_name, pk=view_id).first()
    if view is None:
        raise ViewNotFoundError
    return view


@transaction.atomic
def save_view(*, user: Any, list_name: str, name: str, query: str) -> SavedView:
    """Save a list's filters under a name.

    Raises NothingToSaveError, FiltersTooLongError, TooManyViewsError, ViewNameTakenError.
    """
    if not query:
        raise NothingToSaveError
    if len(query) > MAX_QUERY:
        raise FiltersTooLongError
    # Two requests of one user wait for each other here, so that the limit holds.
    get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
    if SavedView.objects.filter(user=user, list_name=list_name).count() >= MAX_VIEWS:
        raise TooManyViewsError(limit=MAX_VIEWS)
    return _stored(SavedView(user=user, list_name=list_name, name=name, query=query))


@transaction.atomic
def rename_view(*, user: Any, list_name: str, view_id: int, name: str) -> SavedView:
    """Give one of the user's own views another name. Raises ViewNotFoundError, ViewNameTakenError."""
    view = view_of(user, list_name, view_id)
    view.name = name
    return _stored(view)


def delete_view(*, user: Any, list_name: str, view_id: int) -> SavedView:
    """Delete one of the user's own views and return it. Raises ViewNotFoundError."""
    view = view_of(user, list_name, view_id)
    SavedView.objects.filter(pk=view.pk).delete()
    return view


def _stored(view: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise ViewNameTakenError(name=view.name) from error
    return view
