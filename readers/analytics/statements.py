"""The SQL of the summaries. One statement computes rows as JSON, and another writes them."""

SCHEMA = "analytics"

PRINTER_DAYS = """
    SELECT coalesce(jsonb_agg(fresh), '[]')::text FROM (
        SELECT
            %s::timestamptz AS starts_at, %s::date AS day, printer_id,
            min(point_id) AS point_id, min(check_type) AS check_type,
            count(*) AS checks, count(printed_at) AS printed_checks, count(failed_at) AS failed_checks,
            sum(unconfirmed) AS unconfirmed, sum(downloads) AS downloads, sum(copies - 1) AS reprints,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds_to_render) AS median_seconds_to_render,
            percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds_to_render) AS p95_seconds_to_render,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds_to_paper) AS median_seconds_to_paper,
            percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds_to_paper) AS p95_seconds_to_paper,
            %s::timestamptz AS refreshed_at
        FROM analytics.check_lifecycle
        WHERE created_at >= %s AND created_at < %s AND printer_id = ANY(%s)
        GROUP BY printer_id
    ) AS fresh
"""
POINT_HOURS = """
    SELECT coalesce(jsonb_agg(fresh), '[]')::text FROM (
        SELECT
            date_trunc('hour', created_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS starts_at, point_id,
            count(*) AS orders, sum(is_complete::integer) AS complete_orders,
            sum(checks) AS checks, sum(printed_checks) AS printed_checks,
            sum(failures) AS failures, sum(reprints) AS reprints,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds_to_complete) AS median_seconds_to_complete,
            percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds_to_complete) AS p95_seconds_to_complete,
            %s::timestamptz AS refreshed_at
        FROM analytics.order_completion
        WHERE created_at >= %s AND created_at < %s AND point_id = ANY(%s)
        GROUP BY 1, point_id
    ) AS fresh
"""
# Keep a row that had more checks: some checks of that day have left the log for the archive.
REPLACE_PRINTER_DAYS = """
    DELETE FROM analytics.printer_day known
    USING jsonb_populate_recordset(NULL::analytics.printer_day, %s) fresh
    WHERE known.starts_at = fresh.starts_at AND known.printer_id = fresh.printer_id
      AND known.checks <= fresh.checks;
    INSERT INTO analytics.printer_day
    SELECT * FROM jsonb_populate_recordset(NULL::analytics.printer_day, %s) ON CONFLICT DO NOTHING
"""
REPLACE_POINT_HOURS = """
    DELETE FROM analytics.point_hour known
    USING jsonb_populate_recordset(NULL::analytics.point_hour, %s) fresh
    WHERE known.starts_at = fresh.starts_at AND known.point_id = fresh.point_id
      AND known.checks <= fresh.checks;
    INSERT INTO analytics.point_hour
    SELECT * FROM jsonb_populate_recordset(NULL::analytics.point_hour, %s) ON CONFLICT DO NOTHING
"""
# The first row locks out a worker that is still writing for the old zone; its rows are then deleted too.
FORGET = """
    DELETE FROM analytics.progress;
    DELETE FROM analytics.printer_day;
    DELETE FROM analytics.point_hour
"""
BEGIN = """
    INSERT INTO analytics.progress (time_zone, refreshed_at) VALUES (%s, clock_timestamp())
    ON CONFLICT DO NOTHING
"""
NOTE_REFRESH = "UPDATE analytics.progress SET refreshed_at = %s WHERE time_zone = %s"
