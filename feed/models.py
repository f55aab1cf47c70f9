"""The programs that may read the log, each by a token of its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from order_systems.models import SecretToken


class ReaderToken(SecretToken):
    """A secret that opens `GET /events/` and nothing else. Written by `feed.tokens`."""

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
        """Tell REST framework that whoever presents a token is somebody."""
        return True
