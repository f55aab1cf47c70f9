"""The admin of checks: the list, the page of a check, and the pages that belong to them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checks.admin.check.action_page import action_page
from checks.admin.check.bulk_actions import BulkActions
from checks.admin.check.export import CsvExport, export_address
from checks.admin.check.filters import FAILED_RENDERS, UNCONFIRMED, WAITING_LONG, CheckListFilter
from checks.admin.check.list_columns import ListColumns
from checks.admin.check.page import check_page, may_see_pdf
from checks.admin.order.page import order_page
from checks.admin.words import event_name
from checks.domain.personal_data import may_see_personal_data
from checks.models import Check
from checks.services.order_checks import archived_check, is_archived
from foundation.admin.bases import HistoryAdmin, ReadOnlyAdmin
from foundation.http.documents import pdf_response
from foundation.http.security import framed_by_own_pages
from foundation.ids import id_in


@admin.register(Check)
class CheckAdmin(BulkActions, ListColumns, CsvExport, HistoryAdmin, ReadOnlyAdmin):
    """Shows checks. Staff change them only through `checks.services`."""

    list_filter = (CheckListFilter,)
    list_filter_submit = True
    list_select_related = ("printer",)
    search_fields = ("order_id",)
    search_help_text = _("Order number")
    ordering = ("-id",)
    saved_views = (
        (_("Unconfirmed"), UNCONFIRMED),
        (_("Failed renders"), FAILED_RENDERS),
        (_("Waiting longer than a minute"), WAITING_LONG),
    )
    what_would_be_here = _(
        "Every order gets one check for each printer of its point. Checks appear here as orders arrive, the "
        "newest first."
    )
    fields = readonly_fields = ("order_id",)  # the template shows the check in its own way
    change_form_template = "admin/checks/check/page.html"

    class Media:
        css = {"all": ("foundation/pages.css",)}

    def what(self, record: Any) -> str:
        return event_name(record.history_change_reason or "")

    def get_urls(self) -> list[Any]:
        views = {
            "export/": (self.export_view, "export"),
            "order/<int:order_id>/": (self.order_view, "order"),
            "<int:check_id>/pdf/": (self.pdf_view, "pdf"),
            "<int:check_id>/act/<str:action>/": (self.act_view, "act"),
        }
        own = [
            path(route, self.admin_site.admin_view(view), name=f"checks_check_{name}")
            for route, (view, name) in views.items()
        ]
        return [*own, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        export = {"export_address": export_address(request)} if self.has_export_permission(request) else {}
        return super().changelist_view(request, {**export, **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Check]:
        queryset: QuerySet[Check] = super().get_queryset(request)
        return queryset.defer("order_salt")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Check], search_term: str
    ) -> tuple[QuerySet[Check], bool]:
        """Find an order by its whole number, for which there is an index. Anything else finds nothing."""
        queryset = queryset.defer("order")  # only the list searches, and it shows no order
        term = search_term.strip()
        if not term:
            return queryset, False
        order_id = id_in(term)
        return queryset.none() if order_id is None else queryset.filter(order_id=order_id), False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Check | None:
        """Read the check with its printer and the printer's presence in one query."""
        check_id = id_in(object_id)
        if check_id is None:
            return None
        checks: QuerySet[Check] = self.get_queryset(request).defer(None).select_related("printer__presence")
        return checks.filter(pk=check_id).first()

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Say where an archived check is. Of any other check, Django says that it does not exist.

        Overrides a private method of Django 5.2. Check on upgrade: its name and arguments.
        """
        check_id = id_in(object_id)
        archived = None if check_id is None else archived_check(check_id)
        if archived is None:
            response: HttpResponse = super()._get_obj_does_not_exist_redirect(request, opts, object_id)
            return response
        names = {"id": archived.pk, "order": archived.order_id, "part": archived.part_id}
        words = _("Check %(id)s of order %(order)s is in the archive, in part %(part)s.") % names
        self.message_user(request, words, messages.WARNING)
        return redirect("admin:index")

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        *args: Any,
        obj: Check | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        if obj is None:
            raise Http404
        page = check_page(obj, request=request, may_act=self.has_act_permission(request), now=timezone.now())
        response: HttpResponse = super().render_change_form(
            request, {**context, "page": page}, *args, obj=obj, **kwargs
        )
        return response

    def act_view(self, request: HttpRequest, check_id: int, action: str) -> HttpResponse:
        check = self._visible(request, check_id)
        if not self.has_act_permission(request):
            raise PermissionDenied
        return action_page(request, check, action, self.admin_site.each_context(request))

    def order_view(self, request: HttpRequest, order_id: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = order_page(order_id, now=timezone.now())
        if page is None:
            raise Http404(_("The order is in the archive.") if is_archived(order_id) else "")
        title = _("Order %(number)s") % {"number": order_id}
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "page": page}
        return render(request, "admin/checks/order/page.html", context)

    def pdf_view(self, request: HttpRequest, check_id: int) -> HttpResponseBase:
        """Show the PDF to staff. Unlike a printer's download this writes no event."""
        check = self._visible(request, check_id)
        if not may_see_pdf(check, may_see_personal_data(request.user)):
            raise PermissionDenied
        if not check.pdf_file:
            raise Http404
        try:
            document = check.pdf_file.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        return framed_by_own_pages(pdf_response(document, filename=check.document_name))

    def _visible(self, request: HttpRequest, check_id: int) -> Check:
        check = self.get_object(request, str(check_id))
        if check is None or not self.has_view_permission(request, check):
            raise Http404
        return check
