"""The version or moment that the address of a check's page asks for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from checks.admin.check.selectors import record_at, version_at
from checks.admin.check.timeline import Record
from checks.admin.words import NOTHING, moment
from checks.models import Check
from foundation.admin.filtersets import MomentField

MAX_VERSION = 2**31 - 1
PRECISION = timedelta(milliseconds=1)  # of the moments that pages show


class AsOfForm(forms.Form):
    """A version or a moment of one check. Errors are shown beside the fields."""

    version = forms.IntegerField(
        label=gettext_lazy("Version"),
        required=False,
        error_messages={"invalid": gettext_lazy("Write the version as a whole number, such as 2.")},
    )
    at = MomentField(
        label=gettext_lazy("Moment"),
        required=False,
        error_messages={
            "invalid": gettext_lazy(
                "Write the moment as 2026-01-15T15:00:05, in the service's time zone or with an offset."
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
                    gettext("This check has versions 1 to %(newest)s: choose one of them."),
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
            raise forms.ValidationError(gettext("This moment is in the future: choose an earlier one."))
        self.found = version_at(self.check, end_of(at))
        if self.found is None:
            raise forms.ValidationError(self._too_early())
        return at

    def _too_early(self) -> str:
        first = self.check.events.filter(version=1).values_list("occurred_at", flat=True).first()
        created = {"created": moment(first) if first else NOTHING}
        return (
            gettext("The check did not exist yet: choose %(created)s, when it was created, or later.")
            % created
        )


@dataclass(frozen=True)
class AsOf:
    """The version to show, or None for the check as it is now.

    `record` is the history record of the chosen moment, found by the record's own time. It is None where a
    version was chosen, because the timeline has the record of every version.
    """

    form: AsOfForm
    version: int | None
    at: datetime | None = None
    record: Record | None = None

    @property
    def query(self) -> dict[str, Any]:
        """Return the parameters that other links of the page have to repeat."""
        if self.version is None:
            return {}
        return {name: self.form.data[name] for name in ("version", "at") if self.form.data.get(name)}


def read_as_of(query: QueryDict, check: Check, now: datetime) -> AsOf:
    """Read the version or moment in a query: one query to the database for a version, two for a moment."""
    form = AsOfForm(query, check, now)
    if not form.is_valid():
        return AsOf(form, None)
    at = form.cleaned_data["at"]
    return AsOf(form, form.found, at, record_at(check, end_of(at)) if at else None)


def end_of(at: datetime) -> datetime:
    """Return the last moment that pages show as `at`. A moment given more exactly stands for itself."""
    is_rounded = at.microsecond % 1000 == 0
    return at + PRECISION - timedelta(microseconds=1) if is_rounded else at


def in_field(at: datetime) -> str:
    """Write a moment in the form that the browser's field expects."""
    return timezone.localtime(at).replace(tzinfo=None).isoformat(timespec="milliseconds")
