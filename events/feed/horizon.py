"""The horizon of the feed: what holds it back, and whether it belongs to this log.

Everything below the horizon is settled. Positions are transaction ids of the cluster plus an offset
(`events_tx_offset()`). The offset is 0 until a log is restored into a cluster that counts from another id.
"""

from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, transaction

from foundation.db.query import value
from foundation.errors import ForFarError, gettext_noop
from foundation.per_process import per_process


class LogNotAdoptedError(ForFarError):
    """The log comes from a cluster whose transaction ids were higher than those of this one.

    New events would come before old ones in the feed, and readers would skip them.
    """

    code = "log_not_adopted"
    message = gettext_noop(
        "The log was restored from another database cluster; run manage.py adopt_restored_log first."
    )


class HorizonLag(NamedTuple):
    """How long the oldest writing transaction of the cluster has held the feed back, and whose it is.

    `pid` is its process. A prepared transaction has a name instead. Both are None if no transaction is
    running.
    """

    seconds: float
    pid: int | None = None
    prepared: str | None = None
    database: str | None = None


# Compares the last entry of the index with the next id that the cluster assigns. Only events that this
# transaction itself has written may lie beyond it. Only then is the transaction's own id asked for, which it
# already has.
FROM_ELSEWHERE = """
    SELECT CASE
        WHEN coalesce(max(tx_id), 0) < txid_snapshot_xmax(txid_current_snapshot()) + events_tx_offset()
        THEN false
        ELSE pg_is_in_recovery() OR max(tx_id) > txid_current() + events_tx_offset()
    END
    FROM events_event
"""
# pg_stat_activity hides most of other roles' sessions: on 9.6 from all but superusers, later from roles
# without pg_read_all_stats. The pid, the database, locks and prepared transactions are visible to everybody.
HOLDER = """
    SELECT holder.pid, prepared.gid, coalesce(activity.datname, prepared.database),
           extract(epoch FROM clock_timestamp() - coalesce(activity.xact_start, prepared.prepared))::float8
    FROM txid_snapshot_xmin(txid_current_snapshot()) AS oldest
    JOIN pg_locks holder ON holder.locktype = 'transactionid' AND holder.mode = 'ExclusiveLock'
         AND holder.granted AND holder.transactionid::text::bigint = (oldest & 4294967295)
    LEFT JOIN pg_stat_activity activity ON activity.pid = holder.pid
    LEFT JOIN pg_prepared_xacts prepared ON prepared.transaction = holder.transactionid
"""
FIRST_UNSETTLED = """
    SELECT extract(epoch FROM clock_timestamp() - recorded_at)::float8 FROM events_event
    WHERE tx_id >= events_horizon() ORDER BY tx_id, id LIMIT 1
"""
# The next transaction's id is at least the horizon's.
NEXT_OFFSET = """
    SELECT max(tx_id) + 1 - txid_snapshot_xmin(txid_current_snapshot()) FROM events_event
"""


def horizon(using: str = DEFAULT_DB_ALIAS) -> int:
    """Return the id below which every writing transaction has ended, as far as this database knows."""
    return int(value("SELECT events_horizon()", using=using))


def horizon_lag() -> HorizonLag:
    """Return for how long the oldest writing transaction has held the horizon, and whose it is.

    If the database hides when it began, count from the first event that waits for it.
    """
    with connection.cursor() as cursor:
        cursor.execute(HOLDER)
        found = cursor.fetchone()
        if found is None:
            return HorizonLag(0.0)
        pid, prepared, database, seconds = found
        if seconds is None:
            cursor.execute(FIRST_UNSETTLED)
            (seconds,) = cursor.fetchone() or (0.0,)
    return HorizonLag(max(0.0, seconds), pid, prepared, database)


def require_adopted(using: str = DEFAULT_DB_ALIAS) -> None:
    """Raise LogNotAdoptedError if the log has transaction ids that this cluster has not assigned yet."""
    if _is_from_elsewhere(using):
        raise LogNotAdoptedError


@per_process(is_constant=True)
def require_adopted_once() -> None:
    """The same, asked once a process: for writers, who are stopped while a log is restored."""
    require_adopted()


def adopt() -> int | None:
    """Make new events follow all events of a restored log. Returns the offset, or None if it was not needed.

    Only the owner of the table can do this. It waits for running writers, and new writers wait for it.
    """
    if not _is_from_elsewhere():
        return None
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE events_event IN SHARE ROW EXCLUSIVE MODE")
        if not _is_from_elsewhere():
            return None
        cursor.execute(NEXT_OFFSET)
        (offset,) = cursor.fetchone()
        cursor.execute(
            "CREATE OR REPLACE FUNCTION events_tx_offset() RETURNS bigint LANGUAGE sql IMMUTABLE AS %s",
            [f"SELECT {int(offset)}::bigint"],
        )
    return int(offset)


def _is_from_elsewhere(using: str = DEFAULT_DB_ALIAS) -> bool:
    return bool(value(FROM_ELSEWHERE, using=using))
