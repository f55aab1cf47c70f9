"""Order systems, their tokens, and the answers that repeated requests get again."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from foundation.tokens.models import SecretToken

MAX_IDEMPOTENCY_KEY = 255


class OrderSystem(models.Model):
    """A system that sends orders. The log names it as `order_system:<id>`, so it is never deleted."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Without this none of its tokens is accepted.")
    )

    history = HistoricalRecords(history_id_field=models.BigAutoField())

    class Meta:
        verbose_name = _("order system")
        verbose_name_plural = _("order systems")

    def __str__(self) -> str:
        return self.name

    @property
    def is_authenticated(self) -> bool:
        """Return True: REST framework asks this of `request.user`."""
        return True


class Token(SecretToken):
    """An order system's token."""

    order_system = models.ForeignKey(
        OrderSystem, on_delete=models.PROTECT, related_name="tokens", verbose_name=_("order system")
    )

    history = HistoricalRecords(
        excluded_fields=["secret_hash", "last_used_at"], history_id_field=models.BigAutoField()
    )

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")

    def __str__(self) -> str:
        return f"{self.shown_part}…"


class StoredAnswer(models.Model):
    """The answer to a request with an Idempotency-Key, written together with what it describes."""

    order_system = models.ForeignKey(
        OrderSystem, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    key = models.CharField(max_length=MAX_IDEMPOTENCY_KEY)
    body_digest = models.CharField(max_length=64)
    answer = models.JSONField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order_system", "key"], name="order_systems_answer_key"),
            # NULLs count as different from each other. Only PostgreSQL 15 has NULLS NOT DISTINCT.
            models.UniqueConstraint(
                fields=["key"],
                condition=models.Q(order_system__isnull=True),
                name="order_systems_answer_key_of_nobody",
            ),
        ]

    def __str__(self) -> str:
        return self.key
