"""Text from a person that ends up in a query: refused before PostgreSQL would refuse it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.views import ChangeList

from foundation.admin.mixin import AdminMixin

NUL = "\x00"
MAX_SEARCH = 200  # characters; every word of a search adds a condition to the query


def is_searchable(text: str) -> bool:
    """Tell whether the database can look for this text in reasonable time."""
    return NUL not in text and len(text) <= MAX_SEARCH


class CheckedSearch(AdminMixin):
    """Makes lists and autocompletes find nothing, instead of failing, for text that nothing can match.

    Works around Django 5.2, which checks the search of a list for NUL, but neither the `term` of an
    autocomplete nor the values of filters. Check on upgrade: `AutocompleteJsonView`, `get_results`.
    """

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not is_searchable(search_term):
            return queryset.none(), False
        results: tuple[QuerySet[Any], bool] = super().get_search_results(request, queryset, search_term)
        return results

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return CheckedChangeList


class CheckedChangeList(ChangeList):
    """A list that treats a filter with a NUL as Django treats other impossible filters."""

    def get_results(self, request: HttpRequest) -> None:
        with refusing_nul():
            super().get_results(request)


@contextmanager
def refusing_nul() -> Iterator[None]:
    """Turn what psycopg2 raises for text with a NUL into what Django's lists expect."""
    try:
        yield
    except ValueError as error:
        raise IncorrectLookupParameters from error
