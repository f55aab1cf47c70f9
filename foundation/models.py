"""Saved views of the admin's lists, and the permission to see jobs."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_NAME = 60
MAX_QUERY = 2000


class SavedView(models.Model):
    """The filters of a list that a user saved. Only `foundation.admin.saved_views` writes rows."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,  # the unique constraint begins with it
        verbose_name=_("user"),
    )
    list_name = models.CharField(_("list"), max_length=100)
    name = models.CharField(_("name"), max_length=MAX_NAME)
    query = models.CharField(_("filters"), max_length=MAX_QUERY)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        default_permissions = ()  # every user has their own only
        constraints = [
            models.UniqueConstraint(fields=["user", "list_name", "name"], name="foundation_savedview_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Jobs(models.Model):  # noqa: DJ008 - there are none
    """Has no table. Django needs a model for the permission to view queues and jobs."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("view_jobs", "Can see the queues and their jobs")]
