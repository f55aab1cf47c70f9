"""The list of a table that may hold millions of rows."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from foundation.admin.changelist import UncountedChangeList
from foundation.admin.mixin import AdminMixin
from foundation.ids import id_in


class UncountedList(AdminMixin):
    """Makes a list that is never counted and that has the one order for which there is an index."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would count the whole table
    list_per_page = 50
    list_filter: ClassVar[Any] = ()
    sortable_by: Sequence[str] = ()
    what_would_be_here: ClassVar[Any] = ""  # an empty list says this

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[UncountedChangeList]:
        return UncountedChangeList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow only the lookups of the list's own filters.

        Django allows lookups on any field of the model. With these one could guess, letter by letter, what
        pages hide: a printer's key or a client's phone.
        """
        try:
            field = self.opts.get_field(lookup.split("__")[0])
        except FieldDoesNotExist:
            return True  # a parameter of a filter, or an unknown one, which Django refuses
        return field.name in self.list_filter

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Act on the ticked rows, never on everything that the filters find."""
        ticked = request.POST.copy()
        ticked.pop("select_across", None)
        ids = [each for each in ticked.getlist(ACTION_CHECKBOX_NAME) if id_in(each) is not None]
        ticked.setlist(ACTION_CHECKBOX_NAME, ids)
        request.POST = ticked  # type: ignore[assignment]  # a copy, as mutable as Django lets it be
        response: HttpResponse | None = super().response_action(request, queryset)
        return response
