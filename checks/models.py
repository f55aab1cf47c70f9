"""Checks: a cache of what their events say."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from checks.domain.order_digest import SALT_BYTES
from checks.domain.state import Status
from foundation.errors import ForFarError, gettext_noop
from foundation.ids import MAX_BIGINT
from printers.models import CheckType, Printer

MAX_ORDER_ID = MAX_BIGINT


class CheckNotFoundError(ForFarError):
    code = "check_not_found"
    message = gettext_noop("There is no such check.")


STATUS_CHOICES = [
    (Status.NEW.value, _("new")),
    (Status.RENDERED.value, _("rendered")),
    (Status.PRINTED.value, _("printed")),
    (Status.FAILED.value, _("failed")),
]


class Check(models.Model):
    """One check for one printer. Only `checks.services` changes it."""

    printer = models.ForeignKey(
        Printer,
        on_delete=models.PROTECT,
        related_name="checks",
        db_index=False,  # checks_check_printer begins with it
        verbose_name=_("printer"),
    )
    type = models.CharField(_("type"), max_length=10, choices=CheckType)
    order = models.JSONField(_("order"))
    order_salt = models.BinaryField(_("salt of the order's digest"), max_length=SALT_BYTES, editable=False)
    order_id = models.BigIntegerField(_("order number"))
    status = models.CharField(_("status"), max_length=10, choices=STATUS_CHOICES, default=Status.NEW.value)
    pdf_file = models.FileField(_("PDF"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    status_changed_at = models.DateTimeField(_("status since"))
    lease_expires_at = models.DateTimeField(_("lease until"), null=True, blank=True)

    history = HistoricalRecords(
        excluded_fields=["order", "order_salt"],
        history_id_field=models.BigAutoField(),
        no_db_index=["printer", "order_id"],
    )

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        permissions = [
            ("view_personal_data", "Can see names, phones and addresses of clients"),
            ("export_check", "Can export checks"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["order_id", "printer"], name="checks_check_order_printer"),
            models.CheckConstraint(
                condition=models.Q(status__in=[each.value for each in Status]), name="checks_check_status"
            ),
            models.CheckConstraint(condition=models.Q(type__in=CheckType.values), name="checks_check_type"),
            models.CheckConstraint(condition=models.Q(order_id__gte=1), name="checks_check_order_id_from_1"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="checks_check_version_from_1"),
        ]
        indexes = [
            # A printer's newest checks. Without it the database scans the checks of all printers.
            models.Index(fields=["printer", "id"], name="checks_check_printer"),
            # A printer's latest failures. Only failed checks are in it.
            models.Index(
                fields=["printer", "status_changed_at"],
                condition=models.Q(status=Status.FAILED.value),
                name="checks_check_printer_failed",
            ),
            # The printers' poll. As short as the queue, however many checks there are.
            models.Index(
                fields=["printer", "id"],
                condition=models.Q(status=Status.RENDERED.value, lease_expires_at__isnull=True),
                name="checks_check_poll",
            ),
            models.Index(
                fields=["lease_expires_at"],
                condition=models.Q(lease_expires_at__isnull=False),
                name="checks_check_lease",
            ),
            # For the sweeper and support staff: everything that is not printed.
            models.Index(
                fields=["status", "status_changed_at"],
                condition=~models.Q(status=Status.PRINTED.value),
                name="checks_check_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} · {self.get_type_display()}"

    @property
    def is_erased(self) -> bool:
        """Whether the personal data is erased, and the salt with it."""
        return not self.order_salt

    @property
    def document_name(self) -> str:
        """The file name under which printers and people get the PDF."""
        return f"{self.order_id}_{self.type}.pdf"


class ErasedFile(models.Model):
    """A PDF of erased checks that is still to be deleted; the row goes when the file is gone."""

    name = models.CharField(_("PDF"), max_length=200, primary_key=True)

    class Meta:
        verbose_name = _("PDF to be deleted")
        verbose_name_plural = _("PDFs to be deleted")

    def __str__(self) -> str:
        return self.name
