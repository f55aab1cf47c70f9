"""The append-only tables: events, the seals over them, and what is in the archive."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from foundation.tokens.models import SecretToken


class ClockTimestamp(models.Func):
    """The moment of the statement. `now()` would be the start of the transaction."""

    template = "clock_timestamp()"
    output_field = models.DateTimeField()


class OffsetTransactionId(models.Func):
    """The id of the writing transaction. The feed is ordered by it, also after a move to another cluster."""

    template = "events_tx_id()"
    output_field = models.BigIntegerField()


class Event(models.Model):
    """One change of one check. Rows are only added, and only by `events.log.append`."""

    id = models.BigAutoField(primary_key=True)
    # A field cannot be named `check`, because Django's models have a method of that name. The column is
    # check_id.
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
            BrinIndex(fields=["recorded_at"], name="events_event_recorded_at"),
        ]

    def __str__(self) -> str:
        return f"{self.type} (v{self.version})"


class Seal(models.Model):
    """What a settled stretch of the feed held when it was sealed. Written only by `events.seals.sealing`.

    The stretch begins after (after_tx_id, after_id) and ends with (last_tx_id, last_id).
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


class ArchivePart(models.Model):
    """A part of the archive: checks of finished orders whose rows are in files and no longer in the tables.

    Rows are only added, and only by `events.archive.removal`, in the transaction that deletes the events.
    """

    number = models.BigIntegerField(_("number"), primary_key=True)
    day = models.DateField(_("day"))
    checks = models.PositiveIntegerField(_("checks"))
    events = models.PositiveIntegerField(_("events"))
    manifest_sha256 = models.BinaryField(_("hash of the manifest"), max_length=32)
    archived_at = models.DateTimeField(_("archived at"))
    tx_id = models.BigIntegerField(_("transaction"), db_default=OffsetTransactionId(), editable=False)

    class Meta:
        verbose_name = _("part of the archive")
        verbose_name_plural = _("parts of the archive")
        constraints = [
            models.CheckConstraint(condition=models.Q(number__gte=1), name="events_archivepart_number_from_1")
        ]

    def __str__(self) -> str:
        return str(self.number)


class ArchivedCheck(models.Model):
    """What is left of a check whose events are in the archive: its order, and the part that has it.

    It is needed to refuse an order that is sent again.
    """

    check_id = models.BigIntegerField(_("check"), primary_key=True)
    order_id = models.BigIntegerField(_("order number"))
    part = models.ForeignKey(
        ArchivePart, on_delete=models.PROTECT, related_name="contents", verbose_name=_("part of the archive")
    )

    class Meta:
        verbose_name = _("archived check")
        verbose_name_plural = _("archived checks")
        indexes = [models.Index(fields=["order_id"], name="events_archivedcheck_order")]

    def __str__(self) -> str:
        return str(self.check_id)


class ArchivedStretch(models.Model):
    """How many of a seal's events are in a part of the archive."""

    part = models.ForeignKey(
        ArchivePart, on_delete=models.PROTECT, related_name="stretches", verbose_name=_("part of the archive")
    )
    seal = models.ForeignKey(
        Seal,
        on_delete=models.PROTECT,
        related_name="stretches",
        db_constraint=False,  # seals are never deleted, and manifests are compared with the rows
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("seal"),
    )
    events = models.PositiveIntegerField(_("events"))

    class Meta:
        verbose_name = _("archived stretch of a seal")
        verbose_name_plural = _("archived stretches of seals")
        constraints = [
            models.UniqueConstraint(fields=["seal", "part"], name="events_archivedstretch_unique"),
            models.CheckConstraint(condition=models.Q(events__gte=1), name="events_archivedstretch_some"),
        ]

    def __str__(self) -> str:
        return f"{self.seal_id}: {self.events}"


class FollowerPosition(models.Model):
    """The last event that a reader inside the service has followed. Written by `events.feed.follower`."""

    name = models.CharField(primary_key=True, max_length=40)
    tx_id = models.BigIntegerField(default=0)
    event_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name}: ({self.tx_id}, {self.event_id})"


class ReaderToken(SecretToken):
    """A token for `GET /events/` and nothing else. Written by `events.api.tokens`."""

    name = models.CharField(_("name"), max_length=200, help_text=_("The program that reads with it."))

    history = HistoricalRecords(
        excluded_fields=["secret_hash", "last_used_at"], history_id_field=models.BigAutoField()
    )

    class Meta:
        verbose_name = _("token to read events")
        verbose_name_plural = _("tokens to read events")

    def __str__(self) -> str:
        return f"{self.name} ({self.shown_part}…)"

    @property
    def is_authenticated(self) -> bool:
        """Tell REST framework that the bearer of a token is authenticated."""
        return True
