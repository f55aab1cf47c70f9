"""The history of checks …"""

from typing import Any

import pytest

from checks.models import Check
from tests.support.helpers import record_render

OF_THE_CHANGE = {"history_id", "history_date", "history_change_reason", "history_type"}


def columns(record: Any) -> dict[str, Any]:
    fields = {field.attname for field in record._meta.concrete_fields} - OF_THE_CHANGE
    return {name: getattr(record, name) for name in fields}


@pytest.mark.parametrize("version", [1, 2])
def test_it_has_the_record_that_simple_history_would_write(created: list[Check], version: int) -> None:
    if version == 2:
        record_render(now=created[0].status_changed_at)
    ours = Check.history.get(id=created[0].pk, version=version)
    Check.history.filter(id=created[0].pk).delete()

    Check.objects.get(pk=created[0].pk).save()

    theirs = Check.history.get(id=created[0].pk)
    assert columns(ours) == columns(theirs)
