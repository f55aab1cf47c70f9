"""A check is proven …"""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from checks import services
from checks.models import Check
from events.models import Seal
from events.seals import sealing
from events.seals.sealing import seal_settled
from foundation.context import Actor
from printers.models import Printer
from tests.conftest import NOW
from tests.support.helpers import record_render, wait_until_settled
from tests.support.owner import without_triggers

pytestmark = pytest.mark.django_db(transaction=True)

DELETE_ORDER_4 = "DELETE FROM events_event e USING checks_check c WHERE c.id = e.check_id AND c.order_id = 4"


@pytest.fixture
def sealed(created: list[Check], printers: dict[str, Printer], file: Path) -> Check:
    """A printed check of four events among those of other orders, in two seals."""
    check = created[0]
    other_orders(check, 1, 2, 3)
    wait_until_settled()
    seal_settled(now=NOW)
    record_render(now=NOW)
    services.download_check(printer=printers["key1"], check_id=check.pk, now=NOW)
    other_orders(check, 4, 5)
    services.confirm_print(printer=printers["key1"], check_id=check.pk, now=NOW)
    wait_until_settled()
    seal_settled(now=NOW)
    return check


def other_orders(check: Check, *order_ids: int) -> None:
    for order_id in order_ids:
        order = {**check.order, "id": order_id, "client": {"name": "Ёж «Ы» \u2028", "phone": 1}}
        services.create_checks(order=order, actor=Actor.order_system(), now=NOW)


def prove(check: Check, **options: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("prove_check", str(check.pk), stdout=out, **options)
    return json.loads(out.getvalue())


@pytest.fixture
def proof(sealed: Check) -> dict[str, Any]:
    return prove(sealed)


def roots(proof: dict[str, Any]) -> list[str]:
    return [argument for seal in proof["seals"] for argument in ("--root", seal["root"])]


def test_it_by_the_file_of_seals(sealed: Check, proof: Any, file: Path, offline: Any) -> None:
    code, said = offline(proof, "--seals", str(file))

    assert code == 0, said
    assert said.startswith(f"PROVEN: check {sealed.pk} had these 4 events, in this order, ")
    assert "(seal 1, 2; trusted:" in said
    events = [line.split("  ")[-1] for line in said.splitlines() if line.startswith("  ")]
    assert events == [
        "created, order_system",
        "rendered, worker:w",
        "downloaded, printer:1",
        "printed, printer:1",
    ]
    assert "does not say whether more events followed" in said


def test_it_by_roots(proof: Any, offline: Any) -> None:
    assert offline(proof, *roots(proof))[0] == 0


def test_it_by_the_two_lines_of_the_file_alone(proof: Any, file: Path, offline: Any, tmp_path: Path) -> None:
    other_orders(Check.objects.all()[0], 8)
    wait_until_settled()
    seal_settled(now=NOW)
    lines = tmp_path / "lines"
    lines.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:2]))

    assert offline(proof, "--seals", str(lines))[0] == 0


def test_it_wherever_it_is_in_a_tree(
    created: list[Check], file: Path, offline: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every place in trees of several shapes."""
    other_orders(created[0], *range(1, 7))
    wait_until_settled()
    monkeypatch.setattr(sealing, "MAX_EVENTS_PER_SEAL", 6)
    seal_settled(now=NOW)
    monkeypatch.setattr(sealing, "MAX_EVENTS_PER_SEAL", 7)
    seal_settled(now=NOW)

    codes = [offline(prove(check), "--seals", str(file))[0] for check in Check.objects.all()]

    assert codes == [0] * 14
    assert list(Seal.objects.order_by("number").values_list("events", flat=True)) == [6, 6, 2]


def test_it_after_its_personal_data_is_erased(
    sealed: Check, proof: Any, file: Path, offline: Any, staff: Actor
) -> None:
    other = Check.objects.get(order_id=sealed.order_id, type="client")
    services.mark_failed(check_id=other.pk, reason="x", actor=staff, now=NOW)
    services.erase_order(order_id=sealed.order_id, actor=staff, now=NOW)
    wait_until_settled()

    later = prove(sealed, seal_now=True)

    assert offline(proof, "--seals", str(file))[0] == 0
    code, said = offline(later, "--seals", str(file))
    assert (code, "5 events" in said, "erased, staff:" in said) == (0, True, True)
    assert later["events"][:4] == proof["events"]


def test_it_without_personal_data(proof: Any) -> None:
    text = json.dumps(proof, ensure_ascii=False)

    assert not [word for word in ("Иван", "9173332222", "Ленина", "Ёж") if word in text]


def test_it_into_a_file(sealed: Check, proof: Any, tmp_path: Path) -> None:
    path = tmp_path / "proof of one.json"

    call_command("prove_check", str(sealed.pk), output=path)

    assert json.loads(path.read_text(encoding="utf-8")) == proof


# --- What cannot be proven -------------------------------------------------------------------------------


def test_it_not_before_it_is_sealed(sealed: Check, staff: Actor) -> None:
    services.reprint_check(check_id=sealed.pk, reason="промок", actor=staff, now=NOW)
    wait_until_settled()

    with pytest.raises(CommandError, match=r"version 5 on\. Events are sealed every minute. Use --seal-now"):
        prove(sealed)

    assert [item["seal"] for item in prove(sealed, seal_now=True)["events"]] == [1, 2, 2, 2, 3]


def test_it_not_when_there_is_nothing_of_it(db: None) -> None:
    with pytest.raises(CommandError, match="no events of check 987"):
        call_command("prove_check", "987")


def test_it_not_when_the_log_was_changed(sealed: Check) -> None:
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute(DELETE_ORDER_4)

    with pytest.raises(CommandError, match="Seal 2 does not fit its events"):
        prove(sealed)


def test_it_not_by_a_seal_that_begins_later(sealed: Check) -> None:
    other_orders(sealed, 8)
    wait_until_settled()
    seal_settled(now=NOW)
    with without_triggers(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM events_seal WHERE number = 2")

    with pytest.raises(CommandError, match="not sealed from version 2 on"):
        prove(sealed)
