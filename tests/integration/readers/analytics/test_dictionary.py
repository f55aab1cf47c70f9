"""The data dictionary …"""

import pytest
from django.db import connection

from readers.analytics.dictionary import PAGE, written

pytestmark = pytest.mark.django_db

WITHOUT_A_WORD = """
    SELECT c.oid::regclass::text || coalesce('.' || a.attname, '')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'v', 'm') AND (n.nspname = 'analytics' OR c.relname = 'events_event')
      AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL)
"""


def test_it_is_what_the_database_and_the_registry_say() -> None:
    page = PAGE.read_text()

    assert page == written(page), "run script/dictionary"


def test_it_has_a_word_for_every_view_and_column() -> None:
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_A_WORD)
        assert cursor.fetchall() == []
