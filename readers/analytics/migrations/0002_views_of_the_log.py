"""Views over the log. A condition on a time reaches the log's index of it, through every level of a view.

What belongs to a row is then fetched by the index of (check_id, version). The aggregate in check_lifecycle and
OFFSET 0 in check_transition keep PostgreSQL from joining with the whole log instead, which it takes to be
cheaper from a few thousand rows on, and which then grows with the log and not with the range. For the same
reason the empty text after `type`: the index of types would be read for the whole log.
"""

from django.db import migrations

CHECK_LIFECYCLE = """
CREATE VIEW analytics.check_lifecycle AS
SELECT
    check_id, order_id, point_id, printer_id, check_type,
    CASE greatest(last_new, last_rendered, last_printed, last_failed)
        WHEN last_printed THEN 'printed'
        WHEN last_rendered THEN 'rendered'
        WHEN last_failed THEN 'failed'
        ELSE 'new'
    END AS status,
    created_at, rendered_at, first_downloaded_at, printed_at, failed_at, erased_at, last_event_at,
    extract(epoch FROM rendered_at - created_at)::float8 AS seconds_to_render,
    extract(epoch FROM first_downloaded_at - rendered_at)::float8 AS seconds_to_download,
    extract(epoch FROM printed_at - first_downloaded_at)::float8 AS seconds_to_print,
    extract(epoch FROM printed_at - created_at)::float8 AS seconds_to_paper,
    attempts, downloads, copies, unconfirmed, last_reason, events
FROM (
    SELECT
        c.check_id,
        (c.data ->> 'order_id')::bigint AS order_id,
        (c.data ->> 'point_id')::integer AS point_id,
        (c.data ->> 'printer_id')::bigint AS printer_id,
        c.data ->> 'type' AS check_type,
        c.occurred_at AS created_at,
        stream.*
    FROM events_event c
    CROSS JOIN LATERAL (
        SELECT
            max(e.version) FILTER (WHERE e.type IN ('created', 'retried')) AS last_new,
            max(e.version) FILTER (WHERE e.type IN ('rendered', 'reprinted')) AS last_rendered,
            max(e.version) FILTER (WHERE e.type = 'printed') AS last_printed,
            max(e.version) FILTER (WHERE e.type = 'failed') AS last_failed,
            min(e.occurred_at) FILTER (WHERE e.type = 'rendered') AS rendered_at,
            min(e.occurred_at) FILTER (WHERE e.type = 'downloaded') AS first_downloaded_at,
            min(e.occurred_at) FILTER (WHERE e.type = 'printed') AS printed_at,
            max(e.occurred_at) FILTER (WHERE e.type = 'failed') AS failed_at,
            max(e.occurred_at) FILTER (WHERE e.type = 'erased') AS erased_at,
            max(e.occurred_at) AS last_event_at,
            (count(*) FILTER (WHERE e.type IN ('rendered', 'render_attempt_failed')))::integer AS attempts,
            (count(*) FILTER (WHERE e.type = 'downloaded'))::integer AS downloads,
            (1 + count(*) FILTER (WHERE e.type = 'reprinted'))::integer AS copies,
            (count(*) FILTER (WHERE e.type = 'failed' AND e.data ->> 'reason' = 'unconfirmed'
                                AND e.data ->> 'stage' = 'delivery'))::integer AS unconfirmed,
            (max(ARRAY[to_char(e.version, 'FM0000000000'), e.data ->> 'reason'])
                FILTER (WHERE e.type IN ('render_attempt_failed', 'failed', 'retried', 'reprinted')))[2]
                AS last_reason,
            count(*)::integer AS events
        FROM events_event e WHERE e.check_id = c.check_id
    ) AS stream
    WHERE c.type || '' = 'created'
) AS life;

COMMENT ON VIEW analytics.check_lifecycle IS
    'A row a check, with its whole life until now. Ask for a range of created_at.';
COMMENT ON COLUMN analytics.check_lifecycle.check_id IS 'The check.';
COMMENT ON COLUMN analytics.check_lifecycle.order_id IS 'The order system''s number of the order; its checks share it.';
COMMENT ON COLUMN analytics.check_lifecycle.point_id IS 'The point (restaurant) whose printers print the order.';
COMMENT ON COLUMN analytics.check_lifecycle.printer_id IS 'The printer that the check is for.';
COMMENT ON COLUMN analytics.check_lifecycle.check_type IS 'kitchen or client.';
COMMENT ON COLUMN analytics.check_lifecycle.status IS 'new, rendered, printed or failed: where the check is now.';
COMMENT ON COLUMN analytics.check_lifecycle.created_at IS 'When the order was taken. The time to ask for: it has an index.';
COMMENT ON COLUMN analytics.check_lifecycle.rendered_at IS 'When its PDF was ready for the first time; NULL: never.';
COMMENT ON COLUMN analytics.check_lifecycle.first_downloaded_at IS 'When its printer took the PDF for the first time; NULL: never.';
COMMENT ON COLUMN analytics.check_lifecycle.printed_at IS 'When it was known to be on paper for the first time; NULL: never.';
COMMENT ON COLUMN analytics.check_lifecycle.failed_at IS 'When it failed for the last time, whatever came of it; NULL: never.';
COMMENT ON COLUMN analytics.check_lifecycle.erased_at IS 'When the client''s data was erased from the order; NULL: never.';
COMMENT ON COLUMN analytics.check_lifecycle.last_event_at IS 'When something happened to it for the last time.';
COMMENT ON COLUMN analytics.check_lifecycle.seconds_to_render IS 'Seconds from created_at to rendered_at: the wait for a worker, and the rendering.';
COMMENT ON COLUMN analytics.check_lifecycle.seconds_to_download IS 'Seconds from rendered_at to first_downloaded_at: the wait for the printer''s poll.';
COMMENT ON COLUMN analytics.check_lifecycle.seconds_to_print IS 'Seconds from first_downloaded_at to printed_at; 0 where a download counts as printed.';
COMMENT ON COLUMN analytics.check_lifecycle.seconds_to_paper IS 'Seconds from created_at to printed_at: how long the check took altogether.';
COMMENT ON COLUMN analytics.check_lifecycle.attempts IS 'How often it was rendered or should have been: attempts that failed, and those that gave a PDF.';
COMMENT ON COLUMN analytics.check_lifecycle.downloads IS 'How often its printer took the PDF, of all copies.';
COMMENT ON COLUMN analytics.check_lifecycle.copies IS 'How many copies were asked for: 1, and 1 for each reprint.';
COMMENT ON COLUMN analytics.check_lifecycle.unconfirmed IS 'How often it failed because the printer that had taken it did not confirm in time.';
COMMENT ON COLUMN analytics.check_lifecycle.last_reason IS 'The last reason given for a failure, a retry or a reprint: a code, or what a printer or a person wrote; NULL: none.';
COMMENT ON COLUMN analytics.check_lifecycle.events IS 'How many events it has.';
"""

CHECK_TRANSITION = """
CREATE VIEW analytics.check_transition AS
SELECT
    e.check_id,
    e.version,
    (SELECT (c.data ->> 'order_id')::bigint FROM events_event c WHERE c.check_id = e.check_id AND c.version = 1)
        AS order_id,
    (SELECT (c.data ->> 'point_id')::integer FROM events_event c WHERE c.check_id = e.check_id AND c.version = 1)
        AS point_id,
    (SELECT (c.data ->> 'printer_id')::bigint FROM events_event c WHERE c.check_id = e.check_id AND c.version = 1)
        AS printer_id,
    e.type::text AS event,
    before.status AS from_status,
    coalesce(analytics.status_after(e.type), before.status) AS to_status,
    split_part(e.actor, ':', 1) AS actor_kind,
    e.occurred_at,
    e.recorded_at,
    round(1000 * extract(epoch FROM e.occurred_at - p.occurred_at))::bigint AS ms_since_previous,
    (e.data ->> 'attempt')::integer AS attempt,
    e.data ->> 'reason' AS reason
FROM events_event e
LEFT JOIN LATERAL (
    SELECT occurred_at, type FROM events_event
    WHERE check_id = e.check_id AND version = e.version - 1 OFFSET 0
) AS p ON true
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN p.type NOT IN ('downloaded', 'erased') THEN analytics.status_after(p.type)
        WHEN p.type IS NOT NULL THEN (
            SELECT analytics.status_after(earlier.type) FROM events_event earlier
            WHERE earlier.check_id = e.check_id AND earlier.version < e.version
              AND earlier.type NOT IN ('downloaded', 'erased')
            ORDER BY earlier.version DESC LIMIT 1
        )
    END AS status
) AS before;

COMMENT ON VIEW analytics.check_transition IS
    'A row a change of a check, which is an event. Ask for a range of occurred_at or recorded_at, or for a check_id.';
COMMENT ON COLUMN analytics.check_transition.check_id IS 'The check.';
COMMENT ON COLUMN analytics.check_transition.version IS 'The number of the change within its check: 1, 2, 3, ... without a gap.';
COMMENT ON COLUMN analytics.check_transition.order_id IS 'The order system''s number of the order.';
COMMENT ON COLUMN analytics.check_transition.point_id IS 'The point (restaurant) of the order.';
COMMENT ON COLUMN analytics.check_transition.printer_id IS 'The printer that the check is for.';
COMMENT ON COLUMN analytics.check_transition.event IS 'What happened: the event''s type.';
COMMENT ON COLUMN analytics.check_transition.from_status IS 'The status before: new, rendered, printed, failed; NULL for created.';
COMMENT ON COLUMN analytics.check_transition.to_status IS 'The status after; the same as before where the event changes none.';
COMMENT ON COLUMN analytics.check_transition.actor_kind IS 'Who did it: order_system, worker, printer, staff, sweeper or command.';
COMMENT ON COLUMN analytics.check_transition.occurred_at IS 'When it happened, by the service''s clock. It has an index.';
COMMENT ON COLUMN analytics.check_transition.recorded_at IS 'When it was written, by the database''s clock. It has an index.';
COMMENT ON COLUMN analytics.check_transition.ms_since_previous IS 'Milliseconds since the check''s change before this one; NULL for created.';
COMMENT ON COLUMN analytics.check_transition.attempt IS 'Of a failed rendering its number within the current PDF, of a download its number within the check; else NULL.';
COMMENT ON COLUMN analytics.check_transition.reason IS 'Why it failed or was asked for again: a code, or what a printer or a person wrote; else NULL.';
"""

ORDER_COMPLETION = """
CREATE VIEW analytics.order_completion AS
SELECT
    order_id, point_id, created_at, checks, printed_checks,
    printed_checks = checks AS is_complete,
    CASE WHEN printed_checks = checks THEN last_printed_at END AS completed_at,
    CASE WHEN printed_checks = checks THEN extract(epoch FROM last_printed_at - created_at)::float8 END
        AS seconds_to_complete,
    CASE greatest(render, download, print)
        WHEN render THEN 'render'
        WHEN download THEN 'download'
        WHEN print THEN 'print'
    END AS slowest_step,
    greatest(render, download, print) AS slowest_step_seconds,
    failures, reprints
FROM (
    SELECT
        order_id, point_id, created_at,
        count(*)::integer AS checks,
        count(printed_at)::integer AS printed_checks,
        max(printed_at) AS last_printed_at,
        max(seconds_to_render) AS render,
        max(seconds_to_download) AS download,
        max(seconds_to_print) AS print,
        count(failed_at)::integer AS failures,
        sum(copies - 1)::integer AS reprints
    FROM analytics.check_lifecycle
    GROUP BY order_id, point_id, created_at
) AS whole;

COMMENT ON VIEW analytics.order_completion IS
    'A row an order: did every check of it reach paper, and what took longest. Ask for a range of created_at.';
COMMENT ON COLUMN analytics.order_completion.order_id IS 'The order system''s number of the order.';
COMMENT ON COLUMN analytics.order_completion.point_id IS 'The point (restaurant) of the order.';
COMMENT ON COLUMN analytics.order_completion.created_at IS 'When the order was taken. The time to ask for: it has an index.';
COMMENT ON COLUMN analytics.order_completion.checks IS 'How many checks it has: one for each printer of the point.';
COMMENT ON COLUMN analytics.order_completion.printed_checks IS 'How many of them have been on paper at least once.';
COMMENT ON COLUMN analytics.order_completion.is_complete IS 'Whether all of them have been on paper at least once.';
COMMENT ON COLUMN analytics.order_completion.completed_at IS 'When the last of them came on paper for the first time; NULL while one is missing.';
COMMENT ON COLUMN analytics.order_completion.seconds_to_complete IS 'Seconds from created_at to completed_at; NULL while one is missing.';
COMMENT ON COLUMN analytics.order_completion.slowest_step IS 'The step that took one of its checks the longest: render, download or print; NULL before the first is done.';
COMMENT ON COLUMN analytics.order_completion.slowest_step_seconds IS 'Seconds that this step took; steps that are not done do not count.';
COMMENT ON COLUMN analytics.order_completion.failures IS 'How many of its checks have failed at least once.';
COMMENT ON COLUMN analytics.order_completion.reprints IS 'How many reprints were asked for, of all its checks.';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0001_schema"),
        ("events", "0005_comments_on_the_log"),
    ]

    operations = [
        migrations.RunSQL(CHECK_LIFECYCLE, "DROP VIEW analytics.check_lifecycle;"),
        migrations.RunSQL(CHECK_TRANSITION, "DROP VIEW analytics.check_transition;"),
        migrations.RunSQL(ORDER_COMPLETION, "DROP VIEW analytics.order_completion;"),
    ]
