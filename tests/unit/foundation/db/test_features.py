"""A feature …"""

import pytest
from django.db import NotSupportedError, models
from django.db.models.expressions import RowRange, WindowFrameExclusion

from tests.unit.foundation.db.stubs import (
    V9_6,
    V10,
    V11,
    V12,
    V14,
    V18,
    connection_to,
    djangos_connection,
    model,
)

SINCE = {
    "has_identity_columns": V10,
    "has_partitions": V10,
    "supports_covering_indexes": V11,
    "supports_frame_exclusion": V11,
    "supports_stored_generated_columns": V12,
    "supports_non_deterministic_collations": V12,
}


@pytest.mark.parametrize("version", [V9_6, V10, V11, V12, V14, V18])
@pytest.mark.parametrize(("feature", "since"), SINCE.items())
def test_it_is_there_from_the_version_that_brought_it(feature, since, version):
    assert getattr(connection_to(version).features, feature) is (version >= since)


def flags(features):
    names = [n for n in dir(features) if n.startswith(("supports_", "has_", "can_", "is_", "allows_"))]
    return {name: value for name in names if isinstance(value := getattr(features, name), bool)}


@pytest.mark.parametrize("version", [V14, V18])
def test_it_is_as_django_has_it_on_what_django_supports(version):
    theirs = djangos_connection()
    theirs.pg_version = version
    ours = flags(connection_to(version).features)
    assert ours == flags(theirs.features) | {"has_identity_columns": True, "has_partitions": True}


def test_it_leaves_include_out_of_an_index_before_11():
    index = models.Index(fields=["number"], include=["id"], name="covering")
    ticket = model(id=models.BigAutoField(primary_key=True), number=models.IntegerField())
    with connection_to(V9_6).schema_editor(collect_sql=True, atomic=False) as editor:
        editor.add_index(ticket, index)
    assert [str(sql) for sql in editor.collected_sql] == ['CREATE INDEX "covering" ON "ticket" ("number");']


def test_it_refuses_an_exclusion_in_a_frame():
    frame = RowRange(start=0, end=0, exclusion=WindowFrameExclusion.CURRENT_ROW)
    with pytest.raises(NotSupportedError):
        frame.as_sql(None, connection_to(V9_6))
