"""archive_events …"""

import json
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from checks import services
from checks.integrity.archive.errors import TooRecentError
from checks.integrity.archive.lines import WHOLE
from checks.models import Check
from checks.services import OrderExistsError
from events.models import ArchivedCheck, ArchivePart, Event, FollowerPosition, Seal
from foundation.db.locks import ARCHIVING
from tests.conftest import NOW
from tests.integration.checks.integrity.archive.helpers import (
    BEFORE,
    CREATED,
    STAFF,
    close,
    create,
    erase,
    finished_order,
    in_files,
    rows_of,
    run,
    settle,
    verified,
)
from tests.support.helpers import another_connection, in_threads
from tests.support.owner import without_triggers

FORGED = """
    UPDATE events_event SET hash = prev_hash
    WHERE check_id IN (SELECT id FROM checks_check WHERE order_id = 3)
"""

pytestmark = pytest.mark.django_db(transaction=True)


def said(folder: Path, **options: Any) -> list[str]:
    out = StringIO()
    call_command("archive_events", before=BEFORE, to=folder, quiet=True, stdout=out, **options)
    return out.getvalue().splitlines()


def test_it_takes_finished_orders_whole_and_leaves_the_others(orders: list[int], folder: Path) -> None:
    rows, others = rows_of(orders), rows_of([3, 5])
    seals = Seal.objects.count()

    (archived,) = run(folder)

    assert (len(archived.contents.orders), archived.contents.events, archived.resumed) == (6, 21, False)
    assert len(rows) == 6 + 21 + 21
    assert rows_of(orders) == []
    assert rows_of([3, 5]) == others
    lines = in_files(folder)
    assert [line["check"]["order_id"] for line in lines] == [1, 1, 2, 2, 4, 4]
    assert sum(len(line["events"]) for line in lines) == sum(len(line["history"]) for line in lines) == 21
    assert [event["type"] for event in lines[0]["events"]] == ["created", "rendered", "printed", "erased"]
    assert lines[0]["check"]["order"]["client"] == {"name": "", "phone": ""}
    assert Seal.objects.count() == seals
    assert ArchivedCheck.objects.count() == 6
    assert sorted(path.name for path in folder.rglob("*.*")) == [
        "00000001.json",
        "00000001.leaves",
        "00000001.ndjson.gz",
    ]


def test_it_leaves_a_log_that_verifies_with_the_archive_and_without(orders: list[int], folder: Path) -> None:
    run(folder)

    code, lines = verified()
    assert code == 0, lines
    assert "21 events are in the archive, and were only counted: --archive FOLDER verifies them." in lines
    code, lines = verified(archive=folder)
    assert code == 0, lines
    assert "1 parts of the archive with 6 checks, 21 events." in lines
    assert "3 seals of 28 events; 0 events are not sealed yet." in lines
    assert lines[-1] == "4 checks, 7 events, 0 differences."


def test_it_goes_on_with_what_has_been_finished_since(orders: list[int], folder: Path) -> None:
    run(folder)
    close(list(Check.objects.filter(order_id=3).order_by("id")))
    erase(3)
    erase(5)
    finished_order(6)
    settle()

    (archived,) = run(folder)

    assert archived.contents.number == 2
    assert sorted(set(archived.contents.orders.values())) == [3, 5]
    assert run(folder) == []
    assert verified(archive=folder)[0] == 0
    assert verified()[0] == 0


def test_it_puts_each_day_into_a_part_of_its_own(orders: list[int], folder: Path) -> None:
    checks = finished_order(7, NOW - timedelta(days=50))
    erase(7)
    finished_order(8)
    settle()

    parts = [archived.contents for archived in run(folder)]

    assert [str(part.day) for part in parts] == ["2025-11-16", "2025-11-26"]
    assert list(parts[1].orders) == [check.pk for check in checks]
    assert verified(archive=folder)[0] == 0


def test_it_loses_no_column_of_any_table(orders: list[int], folder: Path) -> None:
    for columns, model in zip(WHOLE, (Check, Event, Check.history.model), strict=True):
        assert sorted(columns) == sorted(field.attname for field in model._meta.concrete_fields)


def test_it_keeps_an_archived_order_from_being_printed_again(
    orders: list[int], folder: Path, order: Any, api: Any
) -> None:
    run(folder)

    with pytest.raises(OrderExistsError):
        create(1)
    answer = api.post("/create_checks/", {**order, "id": 1}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "order_exists")
    assert not Check.objects.filter(order_id=1).exists()


def test_it_lets_the_order_system_know_where_the_order_is(orders: list[int], folder: Path, api: Any) -> None:
    run(folder)

    answer = api.get("/order_checks/", {"order_id": 1})

    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "Заказ в архиве.", "code": "order_archived"},
    )


def test_it_describes_what_would_go(orders: list[int], folder: Path) -> None:
    rows = rows_of(orders)

    assert said(folder, dry_run=True) == [
        "2025-11-16: 3 orders",
        "3 orders, 6 checks, 21 events would be archived.",
        "1 more finished orders hold personal data: erase_personal_data --before first.",
    ]
    assert rows_of(orders) == rows
    assert list(folder.iterdir()) == []


def test_it_says_what_it_has_done_and_what_stays(orders: list[int], folder: Path) -> None:
    assert said(folder) == [
        "6 checks with 21 events are in the archive now, in 1 parts.",
        "1 more finished orders hold personal data: erase_personal_data --before first.",
    ]


def test_it_leaves_an_order_of_which_something_happened_since(orders: list[int], folder: Path) -> None:
    finished_order(7)
    erase(7, now=BEFORE)
    finished_order(8)
    settle()

    run(folder)

    assert rows_of([7]) != []


def test_it_leaves_an_order_of_which_one_check_is_open(orders: list[int], folder: Path) -> None:
    """Half an order could not be refused when it comes again, if the archive had it."""
    checks = create(7)
    services.mark_failed(check_id=checks[0].pk, reason="x", actor=STAFF, now=CREATED)
    settle()

    run(folder)

    assert Check.objects.filter(order_id=7).count() == 2


def test_it_leaves_what_is_not_sealed(printers: Any, folder: Path) -> None:
    finished_order(1)
    erase(1)
    finished_order(2)

    assert run(folder) == []
    assert said(folder)[-1] == "1 more orders wait for: seals."


def test_it_leaves_what_the_counters_have_not_seen(orders: list[int], folder: Path) -> None:
    FollowerPosition.objects.filter(name="metrics").update(tx_id=0, event_id=0)

    assert run(folder) == []
    assert said(folder)[-1] == "3 more orders wait for: metrics."


def test_it_leaves_the_last_event_of_the_log(printers: Any, folder: Path) -> None:
    """From its transaction a restored log goes on."""
    finished_order(1)
    erase(1)
    settle()

    assert run(folder) == []
    assert said(folder)[-1] == "1 more orders wait for: the last event."


def test_it_refuses_what_is_younger_than_a_day(orders: list[int], folder: Path) -> None:
    with pytest.raises(TooRecentError):
        run(folder, before=NOW - timedelta(hours=23))

    assert ArchivePart.objects.count() == 0


def test_it_refuses_a_log_that_does_not_fit_its_seals(orders: list[int], folder: Path) -> None:
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(FORGED)
        assert cursor.rowcount == 2

    with pytest.raises(CommandError, match="seal 1 does not fit its events"):
        said(folder)
    assert len(rows_of(orders)) == 48


def test_it_writes_a_manifest_that_tells_what_is_there(orders: list[int], folder: Path) -> None:
    run(folder)

    (path,) = folder.glob("*/*.json")
    manifest = json.loads(path.read_text())

    assert {key: manifest[key] for key in ("number", "day", "orders", "checks", "events", "records")} == {
        "number": 1,
        "day": "2025-11-16",
        "orders": 3,
        "checks": 6,
        "events": 21,
        "records": 21,
    }
    assert [seal["number"] for seal in manifest["seals"]] == [1, 2, 3]
    assert sum(seal["events"] for seal in manifest["seals"]) == 21


def test_it_refuses_a_folder_with_parts_of_another_log(orders: list[int], folder: Path) -> None:
    run(folder)
    (path,) = folder.glob("*/*.json")
    manifest = json.loads(path.read_text()) | {"log": "ab" * 32, "number": 2}
    path.with_name("00000002.json").write_text(json.dumps(manifest))

    with pytest.raises(CommandError, match="another log"):
        said(folder)


@pytest.mark.parametrize(
    "name", ["2026-01-15/20260115.sql.gz", "2026-01-15/00000009.json.bak", "2026-13-45/00000009.json"]
)
def test_it_leaves_the_files_of_others_alone(orders: list[int], folder: Path, name: str) -> None:
    theirs = folder / name
    theirs.parent.mkdir()
    theirs.write_text("a backup")

    run(folder)

    assert theirs.read_text() == "a backup"


@pytest.mark.parametrize("below", ["", "below"])
def test_it_says_that_the_folder_is_none(orders: list[int], folder: Path, below: str) -> None:
    (folder / "file").touch()

    with pytest.raises(CommandError, match=r"file.* 0 parts were archived"):
        said(folder / "file" / below)


def test_it_refuses_a_part_that_an_earlier_run_has_left_broken(orders: list[int], folder: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(folder, interrupted_at("the part is verified"))
    (path,) = folder.glob("*/*.leaves")
    path.write_bytes(b"")

    with pytest.raises(CommandError, match=r"does not verify: the file 00000001\.leaves is not as it was"):
        said(folder)
    assert len(rows_of(orders)) == 48


def test_it_refuses_a_left_over_part_of_which_the_tables_have_something_else(
    orders: list[int], folder: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(folder, interrupted_at("the part is verified"))
    Check.objects.filter(order_id=1).update(version=9)

    with pytest.raises(CommandError, match="the tables have something else of its checks"):
        said(folder)


def test_a_left_over_part_waits_for_whoever_reads_the_log_anew(orders: list[int], folder: Path) -> None:
    """As after the restoration of a dump that is older than the part."""
    with pytest.raises(KeyboardInterrupt):
        run(folder, interrupted_at("the part is verified"))
    FollowerPosition.objects.filter(name="webhooks").delete()

    with pytest.raises(CommandError, match=r"Part 1, .* has to wait for: webhooks"):
        said(folder)
    assert len(rows_of(orders)) == 48

    settle()
    run(folder)
    assert rows_of(orders) == []


def test_it_needs_the_earlier_parts_of_a_seal(orders: list[int], folder: Path) -> None:
    run(folder)
    (path,) = folder.glob("*/*.leaves")
    path.rename(folder.parent / "elsewhere")
    erase(5)
    finished_order(6)
    settle()

    with pytest.raises(CommandError, match="Seal 3 covers events of part 1 too"):
        said(folder)
    assert len(rows_of([5])) == 2 + 7 + 7


def test_it_waits_for_no_other_run(orders: list[int], folder: Path) -> None:
    with closing(another_connection()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", ARCHIVING)

        with pytest.raises(CommandError, match="Another archive_events is running"):
            said(folder)
    assert len(rows_of(orders)) == 48


def test_it_holds_up_nobody_but_those_who_ask_for_an_archived_check(
    orders: list[int], folder: Path, printers: Any
) -> None:
    """Orders come in and are printed while its transaction is open."""

    def work(step: str) -> None:
        if step == "the checks are deleted":
            (outcome,) = in_threads(1, lambda _: finished_order(9, NOW))
            assert [check.order_id for check in outcome] == [9, 9]

    run(folder, work)

    assert Check.objects.filter(order_id=9, status="printed").count() == 1


def test_it_leaves_old_proofs_as_they_were(orders: list[int], folder: Path, offline: Any, file: Path) -> None:
    check = Check.objects.filter(order_id=1)[0]
    out = StringIO()
    call_command("prove_check", str(check.pk), stdout=out)
    run(folder)

    with pytest.raises(CommandError, match=f"Check {check.pk} is in the archive, in part 1"):
        call_command("prove_check", str(check.pk))
    code, words = offline(out.getvalue(), "--seals", str(file))
    assert code == 0, words


def test_it_leaves_word_in_the_admin(orders: list[int], folder: Path, admin_client: Any) -> None:
    check = Check.objects.filter(order_id=1)[0]
    run(folder)

    page = admin_client.get(f"/admin/checks/check/{check.pk}/change/", follow=True).content.decode()
    assert f"Чек {check.pk} заказа 1 в архиве, в части 1." in page
    assert admin_client.get("/admin/checks/check/order/1/").status_code == 404
    assert admin_client.get("/admin/checks/check/77777777/change/").status_code == 302


def interrupted_at(name: str) -> Any:
    def interrupt(step: str) -> None:
        if step == name:
            raise KeyboardInterrupt

    return interrupt


def test_it_is_for_the_owner_of_the_tables(orders: list[int], folder: Path, as_app: Any) -> None:
    with as_app(), pytest.raises(CommandError, match="Only the owner"):
        said(folder)
