"""Tokens to read the log with."""

from django.contrib import admin

from events.api.tokens import MARK
from events.models import ReaderToken
from foundation.tokens.admin import COLUMNS, SecretTokenAdmin


@admin.register(ReaderToken)
class ReaderTokenAdmin(SecretTokenAdmin):
    mark = MARK
    owner_field = "name"
    list_display = ("name", *COLUMNS)
