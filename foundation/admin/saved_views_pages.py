"""Saved views above a list: the list's own, and those of the user."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.contrib import messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from foundation.admin import saved_views
from foundation.admin.list_filter import FilterSetListFilter
from foundation.admin.mixin import AdminMixin
from foundation.admin.saved_views import ViewNotFoundError
from foundation.errors import ForFarError
from foundation.http.errors import sentence
from foundation.models import MAX_NAME

TEMPLATE = "admin/foundation/saved_views.html"


class NameForm(forms.Form):
    name = forms.CharField(
        max_length=MAX_NAME,
        error_messages={
            "required": gettext_lazy("Write a name for the view."),
            "max_length": gettext_lazy(
                "Write a shorter name for the view, of %(limit_value)d characters at most."
            ),
        },
    )


class SavedViewsPages(AdminMixin):
    """Offers saved views: `saved_views` to everybody, and a user's own where a FilterSet filters the list."""

    list_before_template = TEMPLATE
    saved_views: Sequence[tuple[Any, Mapping[str, str]]] = ()  # a label and its query
    list_filter: ClassVar[Any] = ()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        offered = {
            "saved_views": [_offered(request, label, query) for label, query in self.saved_views],
            **(self._own(request) if self._filters and self.has_view_permission(request) else {}),
        }
        response: HttpResponseBase = super().changelist_view(request, {**offered, **(extra_context or {})})
        return response

    def get_urls(self) -> list[Any]:
        if not self._filters:
            return list(super().get_urls())
        views = {
            "views/": (self.own_views, "views"),
            "views/save/": (require_POST(self.save_own_view), "save_view"),
            "views/<int:view_id>/rename/": (require_POST(self.rename_own_view), "rename_view"),
            "views/<int:view_id>/delete/": (require_POST(self.delete_own_view), "delete_view"),
        }
        model = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(route, self.admin_site.admin_view(view), name=f"{model}_{name}")
            for route, (view, name) in views.items()
        ]
        return [*own, *super().get_urls()]

    def own_views(self, request: HttpRequest) -> HttpResponse:
        """Show the user's own views with forms to rename and delete them."""
        self._require_view(request)
        title = gettext("My views of the list “%(list)s”") % {"list": self.opts.verbose_name_plural}
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "views": saved_views.views_of(request.user, self._list_name),
            "max_length": MAX_NAME,
        }
        return render(request, "admin/foundation/own_views.html", context)

    def save_own_view(self, request: HttpRequest) -> HttpResponse:
        self._require_view(request)
        query = self._kept(QueryDict(request.POST.get("query", "")))
        if not self._is_right(query, request):
            return self._refused(request, gettext("Nothing was saved: correct the filters first."), query)
        form = NameForm(request.POST)
        if not form.is_valid():
            return self._refused(request, _problem(form), query)
        try:
            view = saved_views.save_view(
                user=request.user,
                list_name=self._list_name,
                name=form.cleaned_data["name"],
                query=urlencode(query),
            )
        except ForFarError as error:
            return self._refused(request, sentence(error), query)
        messages.success(request, gettext("Saved as “%(name)s”.") % {"name": view.name})
        return redirect(f"{self._address}?{view.query}")

    def rename_own_view(self, request: HttpRequest, view_id: int) -> HttpResponse:
        self._require_view(request)
        form = NameForm(request.POST)
        own_views = f"{self._address}views/"
        if not form.is_valid():
            messages.error(request, _problem(form))
            return redirect(own_views)
        try:
            view = saved_views.rename_view(
                user=request.user, list_name=self._list_name, view_id=view_id, name=form.cleaned_data["name"]
            )
        except ViewNotFoundError as error:
            raise Http404 from error
        except ForFarError as error:
            messages.error(request, sentence(error))
        else:
            messages.success(request, gettext("The view is named “%(name)s” now.") % {"name": view.name})
        return redirect(own_views)

    def delete_own_view(self, request: HttpRequest, view_id: int) -> HttpResponse:
        """Delete a view and show its list, so that it can be saved again after a mistake."""
        self._require_view(request)
        try:
            view = saved_views.delete_view(user=request.user, list_name=self._list_name, view_id=view_id)
        except ViewNotFoundError as error:
            raise Http404 from error
        deleted = gettext(
            "The view “%(name)s” was deleted. Its filters are below: save them if you still need them."
        )
        messages.success(request, deleted % {"name": view.name})
        return redirect(f"{self._address}?{view.query}")

    def _own(self, request: HttpRequest) -> dict[str, Any]:
        views = saved_views.views_of(request.user, self._list_name)
        kept = self._kept(request.GET)
        offered = [_offered(request, view.name, dict(parse_qsl(view.query))) for view in views]
        is_known = any(view["is_current"] for view in offered)
        return {
            "own_views": offered,
            "query_to_save": "" if is_known or not self._is_right(kept, request) else urlencode(kept),
            "max_name_length": MAX_NAME,
        }

    @property
    def _filters(self) -> list[type[FilterSetListFilter]]:
        filters = [each for each in self.list_filter if isinstance(each, type)]
        return [each for each in filters if issubclass(each, FilterSetListFilter)]

    @property
    def _list_name(self) -> str:
        return str(self.opts.label_lower)

    @property
    def _address(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _kept(self, query: QueryDict) -> dict[str, str]:
        """Return the list's own parameters, without pages and anything else in the address."""
        names = {name for each in self._filters for name in each.parameters()}
        names |= {SEARCH_VAR} if self.search_fields else set()
        return {name: str(value) for name, value in query.items() if name in names and value}

    def _is_right(self, query: dict[str, str], request: HttpRequest) -> bool:
        bound = [each.bound(query, request=request, model=self.model) for each in self._filters]
        return all(filters.is_valid() for filters in bound)

    def _refused(self, request: HttpRequest, problem: str, query: dict[str, str]) -> HttpResponse:
        messages.error(request, problem)
        return redirect(f"{self._address}?{urlencode(query)}")

    def _require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def _offered(request: HttpRequest, label: Any, query: Mapping[str, str]) -> dict[str, Any]:
    asked = {name: value for name, value in request.GET.items() if value}
    return {"label": label, "address": f"?{urlencode(query)}", "is_current": asked == query}


def _problem(form: NameForm) -> str:
    return str(form.errors["name"][0])
