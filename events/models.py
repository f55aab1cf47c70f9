"""The append-only tables of everything that ever happened to a check, and of the seals over it."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class ClockTimestamp(models.Func):
    """The moment of the statement; `now()` would be the transaction's start."""

    template = "clock_timestamp()"
    output_field = models.DateTimeField()


class TransactionId(models.Func):
    """The id of the writing transaction as its cluster counts; only the first migration asks for it."""

    template = "txid_current()"
    output_field = models.BigIntegerField()


class OffsetTransactionId(models.Func):
    """The id of the writing transaction, by which the feed is ordered, also across clusters."""

    template = "events_tx_id()"
    output_field = models.BigIntegerField()


class Event(models.Model):
    """One change of one check. Rows are only ever added, by `events.store` alone."""

    id = models.BigAutoField(primary_key=True)
    # A field cannot be named `check`: Django's models have a method of that name. The column is check_id.
    stream = models.ForeignKey(
        "checks.Check",
        on_delete=models.PROTECT,
        related_name="events",
        db_column="check_id",
        db_index=False,  # the stream's unique constraint begins with it
        verbose_name=_("check"),
    )
    version = models.PositiveIntegerField(_("version"))
    type = models.CharField(_("type"), max_length=40)
    schema_version = models.PositiveSmallIntegerField(_("schema version"), default=1)
    data = models.JSONField(_("data"))
    actor = models.CharField(_("actor"), max_length=120)
    correlation_id = models.UUIDField(_("correlation id"))
    occurred_at = models.DateTimeField(_("occurred at"))
    recorded_at = models.DateTimeField(_("recorded at"), db_default=ClockTimestamp(), editable=False)
    tx_id = models.BigIntegerField(_("transaction"), db_default=OffsetTransactionId(), editable=False)
    event_uid = models.UUIDField(_("event id"))
    hash = models.BinaryField(_("hash"), max_length=32)
    prev_hash = models.BinaryField(_("previous hash"), max_length=32)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(fields=["stream", "version"], name="events_event_stream_version"),
            models.UniqueConstraint(fields=["event_uid"], name="events_event_uid"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="events_event_version_from_1"),
        ]
        indexes = [
            models.Index(fields=["tx_id", "id"], name="events_event_feed"),
            models.Index(fields=["correlation_id"], name="events_event_correlation"),
            models.Index(fields=["type", "id"], name="events_event_type"),
            BrinIndex(fields=["occurred_at"], name="events_event_occurred_at"),
        ]

    def __str__(self) -> str:
        return f"{self.type} (v{self.version})"


class Seal(models.Model):
    """What a settled stretch of the feed held when it was sealed. Rows are only added, by `events.sealing`.

    The stretch begins behind (after_tx_id, after_id) and ends with (last_tx_id, last_id).
    """

    number = models.BigIntegerField(_("number"), primary_key=True)
    after_tx_id = models.BigIntegerField(_("after transaction"))
    after_id = models.BigIntegerField(_("after event"))
    last_tx_id = models.BigIntegerField(_("last transaction"))
    last_id = models.BigIntegerField(_("last event"))
    events = models.PositiveIntegerField(_("events"))
    root = models.BinaryField(_("Merkle root"), max_length=32)
    sealed_at = models.DateTimeField(_("sealed at"))
    prev_hash = models.BinaryField(_("previous hash"), max_length=32)
    hash = models.BinaryField(_("hash"), max_length=32)

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        constraints = [
            models.UniqueConstraint(fields=["last_tx_id", "last_id"], name="events_seal_last"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="events_seal_number_from_1"),
            models.CheckConstraint(condition=models.Q(events__gte=1), name="events_seal_not_empty"),
        ]

    def __str__(self) -> str:
        return str(self.number)
