"""The programs that may read the log, each by a token of its own."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from order_systems.secrets import HASH_BYTES, SHOWN_CHARACTERS


class ReaderToken(models.Model):
    """A secret that opens `GET /events/` and nothing else, kept as a hash. Written by `feed.services`."""

    name = models.CharField(_("name"), max_length=200, help_text=_("The program that reads with it."))
    secret_hash = models.BinaryField(_("hash"), max_length=HASH_BYTES, unique=True, editable=False)
    shown_part = models.CharField(_("begins with"), max_length=SHOWN_CHARACTERS, editable=False)
    created_at = models.DateTimeField(_("created at"), editable=False)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)

    # What simple-history takes from an instance for the record that it writes.
    _change_reason: str
    _history_user: AbstractBaseUser | None

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
