"""Tables that readers.analytics.summaries keeps up to date: printers by day, points by hour."""

from django.db import migrations

PRINTER_DAY = """
CREATE TABLE analytics.printer_day (
    starts_at timestamptz NOT NULL,
    day date NOT NULL,
    printer_id bigint NOT NULL,
    point_id integer NOT NULL,
    check_type text NOT NULL,
    checks integer NOT NULL,
    printed_checks integer NOT NULL,
    failed_checks integer NOT NULL,
    unconfirmed integer NOT NULL,
    downloads integer NOT NULL,
    reprints integer NOT NULL,
    median_seconds_to_render float8,
    p95_seconds_to_render float8,
    median_seconds_to_paper float8,
    p95_seconds_to_paper float8,
    refreshed_at timestamptz NOT NULL,
    PRIMARY KEY (starts_at, printer_id)
);
COMMENT ON TABLE analytics.printer_day IS
    'A row a printer and day: the checks that were created for it on that day, and what became of them until refreshed_at.';
COMMENT ON COLUMN analytics.printer_day.starts_at IS 'When the day begins in the service''s time zone. The time to ask for: it has an index.';
COMMENT ON COLUMN analytics.printer_day.day IS 'The day in the service''s time zone.';
COMMENT ON COLUMN analytics.printer_day.printer_id IS 'The printer.';
COMMENT ON COLUMN analytics.printer_day.point_id IS 'The point (restaurant) that it stood at.';
COMMENT ON COLUMN analytics.printer_day.check_type IS 'kitchen or client.';
COMMENT ON COLUMN analytics.printer_day.checks IS 'How many checks were created.';
COMMENT ON COLUMN analytics.printer_day.printed_checks IS 'How many of them have been on paper at least once.';
COMMENT ON COLUMN analytics.printer_day.failed_checks IS 'How many of them have failed at least once.';
COMMENT ON COLUMN analytics.printer_day.unconfirmed IS 'How often one of them failed because the printer did not confirm in time.';
COMMENT ON COLUMN analytics.printer_day.downloads IS 'How often one of them was taken.';
COMMENT ON COLUMN analytics.printer_day.reprints IS 'How many reprints were asked for.';
COMMENT ON COLUMN analytics.printer_day.median_seconds_to_render IS 'Seconds from the order to the first PDF, median of those that have one.';
COMMENT ON COLUMN analytics.printer_day.p95_seconds_to_render IS 'The same, 95th percentile.';
COMMENT ON COLUMN analytics.printer_day.median_seconds_to_paper IS 'Seconds from the order to the first paper, median of those that reached it.';
COMMENT ON COLUMN analytics.printer_day.p95_seconds_to_paper IS 'The same, 95th percentile.';
COMMENT ON COLUMN analytics.printer_day.refreshed_at IS 'When the row was computed; settled events of the log were seen up to then.';
"""

POINT_HOUR = """
CREATE TABLE analytics.point_hour (
    starts_at timestamptz NOT NULL,
    point_id integer NOT NULL,
    orders integer NOT NULL,
    complete_orders integer NOT NULL,
    checks integer NOT NULL,
    printed_checks integer NOT NULL,
    failures integer NOT NULL,
    reprints integer NOT NULL,
    median_seconds_to_complete float8,
    p95_seconds_to_complete float8,
    refreshed_at timestamptz NOT NULL,
    PRIMARY KEY (starts_at, point_id)
);
COMMENT ON TABLE analytics.point_hour IS
    'A row a point and hour: the orders that were taken in that hour, and what became of them until refreshed_at.';
COMMENT ON COLUMN analytics.point_hour.starts_at IS 'When the hour begins; hours are whole in UTC. The time to ask for: it has an index.';
COMMENT ON COLUMN analytics.point_hour.point_id IS 'The point (restaurant).';
COMMENT ON COLUMN analytics.point_hour.orders IS 'How many orders were taken.';
COMMENT ON COLUMN analytics.point_hour.complete_orders IS 'Of how many of them every check has been on paper.';
COMMENT ON COLUMN analytics.point_hour.checks IS 'How many checks these orders have.';
COMMENT ON COLUMN analytics.point_hour.printed_checks IS 'How many of these have been on paper at least once.';
COMMENT ON COLUMN analytics.point_hour.failures IS 'How many of these have failed at least once.';
COMMENT ON COLUMN analytics.point_hour.reprints IS 'How many reprints were asked for.';
COMMENT ON COLUMN analytics.point_hour.median_seconds_to_complete IS 'Seconds from the order to its last check''s first paper, median of the complete orders.';
COMMENT ON COLUMN analytics.point_hour.p95_seconds_to_complete IS 'The same, 95th percentile.';
COMMENT ON COLUMN analytics.point_hour.refreshed_at IS 'When the row was computed; settled events of the log were seen up to then.';
"""

PROGRESS = """
CREATE TABLE analytics.progress (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    time_zone text NOT NULL,
    refreshed_at timestamptz NOT NULL
);
COMMENT ON TABLE analytics.progress IS
    'One row: how printer_day and point_hour are kept up to date.';
COMMENT ON COLUMN analytics.progress.only_row IS 'Always true.';
COMMENT ON COLUMN analytics.progress.time_zone IS 'The time zone in which the days of printer_day begin.';
COMMENT ON COLUMN analytics.progress.refreshed_at IS 'When the log was last read.';
"""


class Migration(migrations.Migration):
    dependencies = [("analytics", "0002_views_of_the_log")]

    operations = [
        migrations.RunSQL(PRINTER_DAY, "DROP TABLE analytics.printer_day;"),
        migrations.RunSQL(POINT_HOUR, "DROP TABLE analytics.point_hour;"),
        migrations.RunSQL(PROGRESS, "DROP TABLE analytics.progress;"),
    ]
