"""Waiting for others who work on the same order."""

from django.db import connection


def lock_order(order_id: int) -> None:
    """Hold this order until the transaction ends; other orders are not held up.

    The whole order id is the key. Waiting for it takes no transaction id, so it does not hold the feed back.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [order_id])
