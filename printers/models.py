"""Printers and their presence."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from foundation.errors import ForFarError, gettext_noop
from printers.delivery import Delivery

MAX_POINT_ID = 2**31 - 1


class PrinterNotFoundError(ForFarError):
    code = "printer_not_found"
    message = gettext_noop("There is no such printer.")


class CheckType(models.TextChoices):
    KITCHEN = "kitchen", _("kitchen")
    CLIENT = "client", _("client")


DELIVERY_CHOICES = [
    (Delivery.DOWNLOAD.value, _("a download counts as printed")),
    (Delivery.CONFIRM.value, _("the printer confirms; without a confirmation a person looks")),
    (Delivery.RESEND.value, _("the printer confirms; without a confirmation it is offered again")),
]


class Printer(models.Model):
    """A printer at a point. It prints one type of check, and only its key identifies it."""

    name = models.CharField(_("name"), max_length=200)
    api_key = models.CharField(
        _("API key"),
        max_length=200,
        unique=True,
        error_messages={"unique": _("Another printer has this API key already.")},
    )
    check_type = models.CharField(_("check type"), max_length=10, choices=CheckType)
    point_id = models.IntegerField(_("point"))
    delivery = models.CharField(
        _("delivery"), max_length=10, choices=DELIVERY_CHOICES, default=Delivery.CONFIRM.value
    )

    history = HistoricalRecords(excluded_fields=["api_key"], history_id_field=models.BigAutoField())

    class Meta:
        verbose_name = _("printer")
        verbose_name_plural = _("printers")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(check_type__in=CheckType.values), name="printers_printer_check_type"
            ),
            models.CheckConstraint(
                condition=models.Q(delivery__in=[each.value for each in Delivery]),
                name="printers_printer_delivery",
            ),
        ]
        indexes = [models.Index(fields=["point_id"], name="printers_printer_point")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_authenticated(self) -> bool:
        """Return True: REST framework asks this of `request.user`."""
        return True


class PrinterPresence(models.Model):
    """When a printer was last seen. It has no history; only `printers.presence` writes it."""

    printer = models.OneToOneField(
        Printer,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="presence",
        verbose_name=_("printer"),
    )
    last_seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("presence of a printer")
        verbose_name_plural = _("presence of printers")

    def __str__(self) -> str:
        return f"{self.printer_id}: {self.last_seen_at}"
