"""Every migration, Django's and the other applications' among them, …"""

from django.db.migrations.executor import MigrationExecutor

from tests.integration.foundation.db.helpers import assert_known_to_9_6, captured


def test_it_goes_through_on_a_server_before_10(before_10):
    with captured(before_10) as statements:
        executor = MigrationExecutor(before_10)
        executor.migrate(executor.loader.graph.leaf_nodes())
    assert any("serial not null primary key" in sql for sql in statements)
    assert_known_to_9_6(statements)
    with before_10.cursor() as cursor:
        described = before_10.introspection.get_table_description(cursor, "auth_user")
    assert "nextval('auth_user_id_seq'::regclass)" in {column.default for column in described}
