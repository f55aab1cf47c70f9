"""A FilterSet as the filter of an admin list."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet


class FilterSetListFilter(admin.ListFilter):
    """Takes the parameters with its prefix out of the list's and gives them to its FilterSet."""

    title = _("these fields")
    template = "admin/foundation/filterset_filter.html"
    filterset_class: ClassVar[type[FilterSet]]
    prefix: ClassVar[str] = "f"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        # Django takes everything left in params for a lookup of the model.
        for name in [name for name in params if name.startswith(f"{self.prefix}-")]:
            self.used_parameters[name] = params.pop(name)[-1]
        self.filterset = self.bound(self.used_parameters, request=request, model=model)

    @classmethod
    def bound(cls, query: dict[str, Any], *, request: HttpRequest, model: Any) -> FilterSet:
        """Return the FilterSet with the values of a query."""
        nothing = model._default_manager.none()
        return cls.filterset_class(query, queryset=nothing, request=request, prefix=cls.prefix)

    @classmethod
    def parameters(cls) -> list[str]:
        """Return the names of its fields in a query."""
        return [f"{cls.prefix}-{name}" for name in cls.filterset_class.base_filters]

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [f"{self.prefix}-{name}" for name in self.filterset.form.fields]

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        yield {"form": self.filterset.form}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filter the list. While a field is wrong, show everything: the form says what is wrong."""
        if not self.filterset.is_valid():
            return queryset
        filtered: QuerySet[Any] = self.filterset.filter_queryset(queryset)
        return filtered
