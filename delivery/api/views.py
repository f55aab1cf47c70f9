"""What printers call: poll, download, confirm, report a failure. Each view makes one call and answers."""

from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from checks.domain.refusals import DocumentReplacedError
from checks.models import CheckNotFoundError
from checks.services import deliver
from delivery.api import openapi
from delivery.api import serializers as wire
from delivery.api.authentication import IsPrinter, PrinterAuthentication
from foundation.http.documents import document_size, pdf_response
from foundation.http.openapi import NO_KEY, REFUSED
from foundation.http.parameters import sent_id, sent_parameters
from foundation.http.parsers import BoundedFormParser, BoundedMultiPartParser, StrictJSONParser
from printers import presence
from printers.models import Printer


class PrinterView(APIView):
    """A call of a printer, known by its key."""

    authentication_classes = (PrinterAuthentication,)
    permission_classes = (IsPrinter,)
    parser_classes = (StrictJSONParser, BoundedFormParser, BoundedMultiPartParser)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let the printer in, and note its presence."""
        super().initial(request, *args, **kwargs)
        presence.note(self.printer.pk, now=timezone.now())

    @property
    def printer(self) -> Printer:
        printer: Printer = self.request.user  # type: ignore[assignment]
        return printer

    def check_id(self) -> int:
        """Return the id that was sent; raises CheckNotFoundError unless it is exactly one number."""
        check_id = sent_id(self.request, "check_id")
        if check_id is None:
            raise CheckNotFoundError
        return check_id


class NewChecksView(PrinterView):
    @extend_schema(
        operation_id="new_checks",
        tags=openapi.PRINTERS,
        responses={200: wire.NewChecksSerializer, **NO_KEY},
    )
    def get(self, request: Request) -> Response:
        """List the printer's checks that are rendered and not yet taken, oldest first, at most 500."""
        return Response({"checks": [{"id": check_id} for check_id in deliver.new_check_ids(self.printer)]})


class CheckView(PrinterView):
    http_method_names = ("get", "options")  # HEAD would record a download without content

    @extend_schema(
        operation_id="check",
        tags=openapi.PRINTERS,
        parameters=[openapi.CHECK_ID],
        responses={
            (200, "application/pdf"): openapi.PDF,
            400: REFUSED,
            **NO_KEY,
        },
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Return the PDF, and record that the printer took it."""
        check_id = self.check_id()
        try:
            return self._take(check_id)
        except DocumentReplacedError:  # a reprint came in between; its PDF is taken now
            return self._take(check_id)

    def _take(self, check_id: int) -> HttpResponseBase:
        # Opened first: a download of a missing or incomplete file must not be on record.
        document = deliver.open_document(printer=self.printer, check_id=check_id)
        try:
            check = deliver.download_check(
                printer=self.printer,
                check_id=check_id,
                now=timezone.now(),
                size=document_size(document),
                file=document.name,
            )
        except Exception:
            document.close()
            raise
        return pdf_response(document, filename=check.document_name)


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
        deliver.confirm_print(printer=self.printer, check_id=self.check_id(), now=timezone.now())
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
        deliver.report_failure(
            printer=self.printer,
            check_id=check_id,
            reason=form.validated_data["reason"],
            now=timezone.now(),
        )
        return Response({"ok": _("The failure is recorded")})
