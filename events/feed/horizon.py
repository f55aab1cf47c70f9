"""The horizon of the feed: everything below it is settled. Who holds it, and whether it is this log's at all.

Positions are ids of transactions as the cluster counts them, plus an offset (`events_tx_offset()`), which is
0 until a log is restored into a cluster that counts from elsewhere.
"""

from typing import NamedTuple

from django.db import DEFAULT_DB_ALIAS, connection, transaction

from foundation.db.query import value
from foundation.errors import ForFarError, gettext_noop
from foundation.per_process import per_process


class LogNotAdoptedError(ForFarError):
    """The log comes from a cluster that had counted further than this one has.

    New events would come before old ones, and the feed would skip them.
    """

    code = "log_not_adopted"
    message = gettext_noop(
        "The log was restored from another database cluster; run manage.py adopt_restored_log first."
    )


class HorizonLag(NamedTuple):
    """What the oldest writing transaction of the cluster does to the feed.

    `pid` is its process; a prepared transaction has none, but a name. Both are None when no transaction runs.
    """

    seconds: float
    pid: int | None = None
    prepared: str | None = None
    database: str | None = None


# By the index: its last entry, against the next id that the cluster gives out. What this transaction has
# written itself may lie beyond that; only then is its own id asked for, which it has already.
FROM_ELSEWHERE = """
    SELECT CASE
        WHEN coalesce(max(tx_id), 0) < txid_snapshot_xmax(txid_current_snapshot()) + events_tx_offset()
        THEN false
        ELSE pg_is_in_recovery() OR max(tx_id) > txid_current() + events_tx_offset()
    END
    FROM events_event
"""
# Of other roles' sessions pg_stat_activity hides all but the pid and the database, on 9.6 from everybody but
# superusers, later from whoever lacks pg_read_all_stats. Locks and prepared transactions are seen by all.
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
    """Return the id below which every writing transaction has ended, as far as this database has heard."""
    return int(value("SELECT events_horizon()", using=using))


def horizon_lag() -> HorizonLag:
    """Tell for how long the oldest writing transaction has held the horizon, and whose it is.

    Where the database does not tell when it began, it counts from the first event that waits for it.
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
    """Raise LogNotAdoptedError when the log's ids lie beyond what this cluster has given out."""
    if _is_from_elsewhere(using):
        raise LogNotAdoptedError


@per_process(is_constant=True)
def require_adopted_once() -> None:
    """The same, asked once a process: for writers, who are stopped while a log is restored."""
    require_adopted()


def adopt() -> int | None:
    """Have new events come after all that a restored log holds; return the offset, None if there is no need.

    For the owner of the table alone. Whoever is writing is waited for, and whoever wants to write waits.
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
