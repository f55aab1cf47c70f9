"""Webhooks: who subscribes to prints and failures, and what was delivered to each."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from events.feed.reading import BEGINNING
from order_systems.models import OrderSystem
from readers.webhooks.addresses import AddressRefusedError, parse
from readers.webhooks.secrets import DIGEST_BYTES, SALT_BYTES

MAX_ADDRESS = 500


def require_address(text: str) -> None:
    """Raise ValidationError unless the text can be a receiver's address."""
    try:
        parse(text)
    except AddressRefusedError as error:
        raise ValidationError(translate(error.message) % error.params, code=error.code) from error


class PauseReason(models.TextChoices):
    FAILING = "failing", _("every attempt failed for a day")
    NO_SECRET = "no_secret", _("its secret can no longer be derived: make a new one")
    BY_HAND = "by_hand", _("by staff")


class Subscription(models.Model):
    """An address that gets a webhook whenever a check of its order system's orders is printed or fails.

    Only `readers.webhooks.services` and `readers.webhooks.delivering` write the fields from
    `starts_after_tx_id` on.
    """

    order_system = models.ForeignKey(
        OrderSystem, on_delete=models.PROTECT, related_name="+", verbose_name=_("order system")
    )
    address = models.CharField(
        _("address"), max_length=MAX_ADDRESS, validators=[require_address], help_text=_("https://…")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Without this, nothing is sent or kept for the subscription.")
    )
    created_at = models.DateTimeField(_("created at"), editable=False)

    # Events up to here are older than the subscription.
    starts_after_tx_id = models.BigIntegerField(default=BEGINNING.tx_id, editable=False)
    starts_after_id = models.BigIntegerField(default=BEGINNING.id, editable=False)

    # The worker that sends holds the claim until this moment. A worker that has died loses it then.
    claimed_until = models.DateTimeField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)

    paused_at = models.DateTimeField(_("on pause since"), null=True, editable=False)
    pause_reason = models.CharField(
        _("why on pause"), max_length=20, choices=PauseReason, blank=True, editable=False
    )
    rests_until = models.DateTimeField(_("no attempts before"), null=True, editable=False)
    failures_in_a_row = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    last_failure_at = models.DateTimeField(_("last failure"), null=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=40, blank=True, editable=False)
    delivered_count = models.BigIntegerField(_("delivered"), default=0, editable=False)
    failed_count = models.BigIntegerField(_("failed attempts"), default=0, editable=False)

    # simple-history copies this into the history record.
    _change_reason: str

    history = HistoricalRecords(
        excluded_fields=[
            "starts_after_tx_id",
            "starts_after_id",
            "claimed_until",
            "claimed_at",
            "rests_until",
            "failures_in_a_row",
            "failing_since",
            "last_success_at",
            "last_failure_at",
            "last_error",
            "delivered_count",
            "failed_count",
        ],
        history_id_field=models.BigAutoField(),
    )

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        permissions = [("send_webhooks", "Can send deliveries again, and test webhooks")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(paused_at__isnull=True, pause_reason="")
                | models.Q(paused_at__isnull=False, pause_reason__in=PauseReason.values),
                name="webhooks_subscription_pause",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_system} ({self.pk})"


class Secret(models.Model):
    """What is stored of a secret. It is not enough to sign with: see `readers.webhooks.secrets`."""

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="secrets")
    salt = models.BinaryField(max_length=SALT_BYTES)
    digest = models.BinaryField(max_length=DIGEST_BYTES)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.subscription_id}: {self.created_at}"


class State(models.TextChoices):
    PENDING = "pending", _("pending")
    DELIVERED = "delivered", _("delivered")
    GIVEN_UP = "given_up", _("given up")


class Delivery(models.Model):
    """One event for one subscription. It has no foreign key to the event, which may go to the archive."""

    subscription = models.ForeignKey(
        Subscription,
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("subscription"),
    )
    event_uid = models.UUIDField(_("event id"))
    type = models.CharField(_("type"), max_length=40)
    check_id = models.BigIntegerField(_("check"), null=True)
    order_id = models.BigIntegerField(_("order number"), null=True)
    version = models.PositiveIntegerField(_("version"), default=0)
    body = models.TextField(_("body"))
    waiting_since = models.DateTimeField(_("waiting since"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True)
    last_attempt_at = models.DateTimeField(_("last attempt"), null=True)
    last_status = models.PositiveSmallIntegerField(_("last answer"), null=True)
    last_error = models.CharField(_("last error"), max_length=40, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        constraints = [
            models.UniqueConstraint(fields=["subscription", "event_uid"], name="webhooks_delivery_event"),
            models.CheckConstraint(
                condition=models.Q(state=State.PENDING, next_attempt_at__isnull=False, ended_at__isnull=True)
                | models.Q(
                    state__in=[State.DELIVERED, State.GIVEN_UP],
                    next_attempt_at__isnull=True,
                    ended_at__isnull=False,
                ),
                name="webhooks_delivery_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["subscription", "next_attempt_at"],
                condition=models.Q(state=State.PENDING),
                name="webhooks_delivery_due",
            ),
            models.Index(
                fields=["subscription", "check_id", "version"],
                condition=models.Q(state=State.PENDING),
                name="webhooks_delivery_in_order",
            ),
            models.Index(
                fields=["waiting_since"],
                condition=models.Q(state=State.PENDING),
                name="webhooks_delivery_oldest",
            ),
            models.Index(
                fields=["ended_at"],
                condition=models.Q(ended_at__isnull=False),
                name="webhooks_delivery_ended",
            ),
            # For the admin list: its filters, each in the list's order, and its search.
            models.Index(fields=["state", "id"], name="webhooks_delivery_state_id"),
            models.Index(fields=["subscription", "id"], name="webhooks_delivery_of"),
            models.Index(fields=["order_id"], name="webhooks_delivery_order"),
        ]

    def __str__(self) -> str:
        return f"{self.type} · {self.order_id or '–'}"
