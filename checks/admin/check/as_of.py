"""As of which version or moment somebody wants to see a check, as the page's address says it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from checks.admin.check.reading import record_at, version_at
from checks.admin.check.story import Record
from checks.admin.words import moment
from checks.models import Check
from foundation.admin.filter_fields import MomentField

MAX_VERSION = 2**31 - 1
PRECISION = timedelta(milliseconds=1)  # of the moments that pages show


class AsOfForm(forms.Form):
    """A version or a moment of one check; what is wrong with it is told beside the field."""

    version = forms.IntegerField(
        label=gettext_lazy("Version"),
        required=False,
        error_messages={"invalid": gettext_lazy("Write a version as a whole number, such as 2.")},
    )
    at = MomentField(
        label=gettext_lazy("Moment"),
        required=False,
        error_messages={
            "invalid": gettext_lazy(
                "Write a moment as 2026-01-15T15:00:05: in the service's zone, or with an offset at its end."
            )
        },
    )

    def __init__(self, data: QueryDict, check: Check, now: datetime) -> None:
        super().__init__(data, auto_id="as-of-%s")
        self.check, self.now = check, now
        self.found: int | None = None

    def clean_version(self) -> int | None:
        version: int | None = self.cleaned_data["version"]
        if version is not None:
            self.found = version
            if not 1 <= version <= MAX_VERSION or not self.check.events.filter(version=version).exists():
                raise forms.ValidationError(
                    gettext("This check has the versions 1 to %(newest)s: choose one of them."),
                    params={"newest": self.check.version},
                )
        return version

    def clean_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        if at is None:
            return None
        if self.data.get("version"):
            raise forms.ValidationError(gettext("Choose a version or a moment, not both."))
        if at > self.now:
            raise forms.ValidationError(gettext("This moment is still to come: choose an earlier one."))
        self.found = version_at(self.check, end_of(at))
        if self.found is None:
            raise forms.ValidationError(self._too_early())
        return at

    def _too_early(self) -> str:
        first = self.check.events.filter(version=1).values_list("occurred_at", flat=True).first()
        created = {"created": moment(first) if first else "–"}
        return (
            gettext("There was no such check yet: it was created at %(created)s, choose that or later.")
            % created
        )


@dataclass(frozen=True)
class AsOf:
    """What was asked for: the version to be shown, None for the check as it is now, and how it was asked.

    `record` is the history record of the asked moment, found by its own time; None where a version was asked
    for, whose record the story has.
    """

    form: AsOfForm
    version: int | None
    at: datetime | None = None
    record: Record | None = None

    @property
    def query(self) -> dict[str, Any]:
        """Return the parameters that keep the page as of then."""
        if self.version is None:
            return {}
        return {name: self.form.data[name] for name in ("version", "at") if self.form.data.get(name)}


def asked_as_of(query: QueryDict, check: Check, now: datetime) -> AsOf:
    """Read what is asked for: a query where it is a version, two where it is a moment."""
    form = AsOfForm(query, check, now)
    if not form.is_valid():
        return AsOf(form, None)
    at = form.cleaned_data["at"]
    return AsOf(form, form.found, at, record_at(check, end_of(at)) if at else None)


def end_of(at: datetime) -> datetime:
    """Return the last moment that pages show as this one; itself where it was given more exactly."""
    is_exact = at.microsecond % 1000 == 0
    return at + PRECISION - timedelta(microseconds=1) if is_exact else at


def in_field(at: datetime) -> str:
    """Write a moment as the browser's field takes it."""
    return timezone.localtime(at).replace(tzinfo=None).isoformat(timespec="milliseconds")
