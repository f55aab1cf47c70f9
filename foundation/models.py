"""Saved views of the admin's lists, and the permission to see jobs."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_NAME = 60
MAX_QUERY = 2000


class SavedView(models.Model):
    """A list's filters that a member of staff saved by a name. Written by `foundation.admin.saved_views`."""

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
        default_permissions = ()  # all staff have their own views and see nobody else's
        constraints = [
            models.UniqueConstraint(fields=["user", "list_name", "name"], name="foundation_savedview_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Jobs(models.Model):  # noqa: DJ008 - it has no rows
    """No table: Django needs a model for the permission to see queues and jobs."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("view_jobs", "Can see the queues and their jobs")]
