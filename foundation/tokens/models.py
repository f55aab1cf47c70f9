"""The columns that every kind of token has."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.tokens.secrets import HASH_BYTES, SHOWN_CHARACTERS


class SecretToken(models.Model):
    """A secret that lets a program in, kept as a hash. Written by `foundation.tokens.services` alone."""

    secret_hash = models.BinaryField(_("hash"), max_length=HASH_BYTES, unique=True, editable=False)
    shown_part = models.CharField(_("begins with"), max_length=SHOWN_CHARACTERS, editable=False)
    created_at = models.DateTimeField(_("created at"), editable=False)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
