"""The six calls of docs/api.md. Each parses, makes one call, and presents."""

from typing import Any, cast

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from checks import selectors, services, sightings
from checks.api import openapi
from checks.api import serializers as wire
from checks.api.authentication import (
    IsOrderSystem,
    IsPrinter,
    OrderSystemAuthentication,
    PrinterAuthentication,
)
from checks.api.parameters import sent_id, sent_idempotency_key, sent_parameters
from checks.api.parsers import BoundedFormParser, BoundedMultiPartParser, StrictJSONParser
from checks.models import Check, CheckNotFoundError, Printer
from checks.pdf_response import document_size, pdf_response
from checks.refusals import DocumentReplacedError
from events.context import Actor


class OrderSystemView(APIView):
    """A call of an order system, which its token has told us, or of one that the network let in."""

    authentication_classes = (OrderSystemAuthentication,)
    permission_classes = (IsOrderSystem,)

    @property
    def order_system_id(self) -> int | None:
        return self.request.user.pk if self.request.user else None


class CreateChecksView(OrderSystemView):
    @extend_schema(
        operation_id="create_checks",
        tags=openapi.ORDERS,
        parameters=[openapi.IDEMPOTENCY_KEY],
        request=wire.OrderSerializer,
        responses=openapi.OF_AN_ORDER,
        examples=[openapi.ORDER_EXAMPLE, openapi.CREATED_EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """Create a check for every printer at the order's point."""
        key = sent_idempotency_key(request)
        order = cast("dict[str, Any]", request.data)  # as it was sent; the parser lets objects through only
        wire.ORDER.run_validation(order)
        actor, now = Actor.order_system(self.order_system_id), timezone.now()
        if key is None:
            return Response(_created(services.create_checks(order=order, actor=actor, now=now)))
        answer = services.create_checks_once(
            order=order,
            order_system_id=self.order_system_id,
            idempotency_key=key,
            answer_to=_created,
            actor=actor,
            now=now,
        )
        return Response(answer)


def _created(checks: list[Check]) -> dict[str, Any]:
    created = [{"id": check.pk, "type": check.type, "printer_id": check.printer_id} for check in checks]
    return {"ok": _("Checks have been created"), "checks": created}


class OrderChecksView(OrderSystemView):
    @extend_schema(
        operation_id="order_checks",
        tags=openapi.ORDERS,
        parameters=[openapi.ORDER_ID],
        responses={200: wire.OrderChecksSerializer, 400: openapi.REFUSED, **openapi.NO_TOKEN},
    )
    def get(self, request: Request) -> Response:
        """Tell how far the checks of an order are."""
        order_id = sent_id(request, "order_id")
        if order_id is None:
            raise CheckNotFoundError
        checks = wire.CheckStatusSerializer(selectors.checks_of_order(order_id), many=True)
        return Response({"checks": checks.data})


class PrinterView(APIView):
    """A call of a printer, which its key has told us."""

    authentication_classes = (PrinterAuthentication,)
    permission_classes = (IsPrinter,)
    parser_classes = (StrictJSONParser, BoundedFormParser, BoundedMultiPartParser)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let the printer in, and note that it was heard."""
        super().initial(request, *args, **kwargs)
        sightings.note(self.printer.pk, now=timezone.now())

    @property
    def printer(self) -> Printer:
        printer: Printer = self.request.user  # type: ignore[assignment]
        return printer

    def check_id(self) -> int:
        """Return the id that was sent; raises CheckNotFoundError for none, several, or no number."""
        check_id = sent_id(self.request, "check_id")
        if check_id is None:
            raise CheckNotFoundError
        return check_id


class NewChecksView(PrinterView):
    @extend_schema(
        operation_id="new_checks",
        tags=openapi.PRINTERS,
        responses={200: wire.NewChecksSerializer, **openapi.NO_KEY},
    )
    def get(self, request: Request) -> Response:
        """List the printer's checks that are rendered and not yet taken, oldest first, at most 500."""
        return Response({"checks": [{"id": check_id} for check_id in selectors.new_check_ids(self.printer)]})


class CheckView(PrinterView):
    http_method_names = ("get", "options")  # a HEAD would record a download of nothing

    @extend_schema(
        operation_id="check",
        tags=openapi.PRINTERS,
        parameters=[openapi.CHECK_ID],
        responses={
            (200, "application/pdf"): openapi.PDF,
            400: openapi.REFUSED,
            **openapi.NO_KEY,
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Give the PDF to its printer, and record that it was taken."""
        check_id = self.check_id()
        try:
            return self._take(check_id)
        except DocumentReplacedError:  # a reprint came in between: now it is the copy's
            return self._take(check_id)

    def _take(self, check_id: int) -> HttpResponseBase:
        # Opened first: a download of a file that is not there, or not whole, must not be on record.
        document = selectors.open_document(printer=self.printer, check_id=check_id)
        try:
            check = services.download_check(
                printer=self.printer,
                check_id=check_id,
                now=timezone.now(),
                size=document_size(document),
                file=document.name,
            )
        except Exception:
            document.close()
            raise
        return pdf_response(check, document)


class CheckPrintedView(PrinterView):
    @extend_schema(
        operation_id="check_printed",
        tags=openapi.PRINTERS,
        parameters=[openapi.CHECK_ID_OR_BODY],
        request=wire.CheckIdSerializer,
        responses=openapi.OF_A_REPORT,
    )
    def post(self, request: Request) -> Response:
        """Confirm that the check is on paper; a repeat changes nothing."""
        services.confirm_print(printer=self.printer, check_id=self.check_id(), now=timezone.now())
        return Response({"ok": _("The check is marked as printed")})


class CheckFailedView(PrinterView):
    @extend_schema(
        operation_id="check_failed",
        tags=openapi.PRINTERS,
        parameters=[openapi.CHECK_ID_OR_BODY, openapi.REASON_OR_BODY],
        request=wire.FailureReportSerializer,
        responses=openapi.OF_A_REPORT,
    )
    def post(self, request: Request) -> Response:
        """Report that the check could not be printed."""
        check_id = self.check_id()
        reasons = sent_parameters(request, "reason")
        form = wire.ReasonSerializer(data={"reason": reasons[0]} if reasons else {})
        form.is_valid(raise_exception=True)
        services.report_failure(
            printer=self.printer,
            check_id=check_id,
            reason=form.validated_data["reason"],
            now=timezone.now(),
        )
        return Response({"ok": _("The failure is recorded")})
