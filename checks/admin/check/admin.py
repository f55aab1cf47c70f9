"""The page of a check, and the pages that lead from it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from checks.admin.check.acting import act_page
from checks.admin.check.list import CheckList
from checks.admin.check.page import may_see_pdf, page_of
from checks.admin.order.page import order_page_of
from checks.admin.words import event_name
from checks.domain.personal_data import may_see_personal_data
from checks.models import Check
from checks.services.order_checks import archived_check, is_archived
from foundation.admin.bases import HistoryAdmin
from foundation.http.documents import pdf_response
from foundation.http.security import framed_by_own_pages
from foundation.ids import id_in


@admin.register(Check)
class CheckAdmin(HistoryAdmin, CheckList):
    fields = readonly_fields = ("order_id",)  # the page's own template shows the check
    change_form_template = "admin/checks/check/page.html"

    class Media:
        css = {"all": ("foundation/pages.css",)}

    def what(self, record: Any) -> str:
        return event_name(record.history_change_reason or "")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Check | None:
        """Read the check with its printer and when that was heard, in one query."""
        check_id = id_in(object_id)
        if check_id is None:
            return None
        checks: QuerySet[Check] = self.get_queryset(request).defer(None).select_related("printer__presence")
        return checks.filter(pk=check_id).first()

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Say of an archived check where it is; of any other, Django says that it is not there."""
        check_id = id_in(object_id)
        archived = archived_check(check_id) if check_id else None
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
        page = page_of(obj, request=request, may_act=self.has_act_permission(request), now=timezone.now())
        response: HttpResponse = super().render_change_form(
            request, {**context, **page}, *args, obj=obj, **kwargs
        )
        return response

    def get_urls(self) -> list[Any]:
        of_check = [
            path("<int:check_id>/pdf/", self.admin_site.admin_view(self.pdf_view), name="checks_check_pdf"),
            path(
                "<int:check_id>/act/<str:action>/",
                self.admin_site.admin_view(self.act_view),
                name="checks_check_act",
            ),
        ]
        of_check.append(
            path(
                "order/<int:order_id>/",
                self.admin_site.admin_view(self.order_view),
                name="checks_check_order",
            )
        )
        urls: list[Any] = [*of_check, *super().get_urls()]
        return urls

    def act_view(self, request: HttpRequest, check_id: int, action: str) -> HttpResponse:
        check = self._visible(request, check_id)
        if not self.has_act_permission(request):
            raise PermissionDenied
        return act_page(request, check, action, self.admin_site.each_context(request))

    def order_view(self, request: HttpRequest, order_id: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = order_page_of(order_id, now=timezone.now())
        if page is None:
            raise Http404(_("The order is in the archive.") if is_archived(order_id) else "")
        title = _("Order %(number)s") % {"number": order_id}
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **page}
        return render(request, "admin/checks/order/page.html", context)

    def pdf_view(self, request: HttpRequest, check_id: int) -> HttpResponseBase:
        """Show the PDF to staff; unlike a printer's download this is no event in the check's life."""
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
