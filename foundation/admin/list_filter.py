"""A FilterSet as the filter of an admin list."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet


class FilterSetListFilter(admin.ListFilter):
    """Takes the parameters of its FilterSet, known by their prefix, out of the list's."""

    title = _("these fields")
    template = "admin/foundation/filterset_filter.html"
    filterset_class: ClassVar[type[FilterSet]]
    prefix: ClassVar[str] = "f"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        # What is left in params would be taken for a lookup of the model.
        for name in [name for name in params if name.startswith(f"{self.prefix}-")]:
            self.used_parameters[name] = params.pop(name)[-1]
        self.filterset = self.bound(self.used_parameters, request=request, model=model)

    @classmethod
    def bound(cls, query: dict[str, Any], *, request: HttpRequest, model: Any) -> FilterSet:
        """Return the FilterSet of what a query asks for."""
        nothing = model._default_manager.none()
        return cls.filterset_class(query, queryset=nothing, request=request, prefix=cls.prefix)

    @classmethod
    def parameters(cls) -> list[str]:
        """Return the names that its fields have in a query."""
        return [f"{cls.prefix}-{name}" for name in cls.filterset_class.base_filters]

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [f"{self.prefix}-{name}" for name in self.filterset.form.fields]

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        yield {"form": self.filterset.form}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filter, or leave the list as it is while a field is wrong, which the form says beside it."""
        if not self.filterset.is_valid():
            return queryset
        filtered: QuerySet[Any] = self.filterset.filter_queryset(queryset)
        return filtered
