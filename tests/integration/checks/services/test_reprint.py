"""A reprint …"""

import threading
from collections.abc import Callable
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.core.management import call_command

from checks import services
from checks.domain.refusals import CopyTakenError, ErasedError, TransitionRefusedError
from checks.integrity.stored_documents import inspect_documents
from checks.integrity.verification import verify
from checks.jobs.render import render as run_render
from checks.jobs.sweep import sweep
from checks.models import Check, CheckNotFoundError
from checks.rendering.errors import RenderError
from checks.services import deliver
from checks.services.reprint import Reprint, Reprinter, reprinter
from events.log.registry import Encoded, registry
from events.models import Event
from foundation.context import Actor
from printers.models import Printer
from tests.conftest import NOW
from tests.support.calls import nothing_written
from tests.support.fakes import FakeRenderer
from tests.support.helpers import another_connection, in_threads, somebody_waits, types_of, within

Again = Callable[..., Reprint]


@pytest.fixture
def printed(created: list[Check], fake_renderer: FakeRenderer, staff: Actor, redis: Any) -> Check:
    """The kitchen's check of the example order, on paper."""
    return print_it(created[0], staff)


def print_it(check: Check, staff: Actor) -> Check:
    if check.status == "new":
        run_render(check.order_id, check.type, str(uuid4()))
    return services.mark_printed(check_id=check.pk, actor=staff, now=NOW)


@pytest.fixture
def again(fake_renderer: FakeRenderer, staff: Actor) -> Again:
    return partial(reprint, staff=staff)


def reprint(check: Check, staff: Actor, reason: str = "промок") -> Reprint:
    with reprinter() as someone:
        return someone.reprint(check_id=check.pk, reason=reason, actor=staff, now=NOW)


def copy_of(check: Check, number: int) -> str:
    return f"pdf/{check.order_id}_{check.type}_{check.pk}_copy{number}.pdf"


def problems() -> list[str]:
    """What verify_events and verify_documents find."""
    found = [str(each) for verified in verify() for each in verified.differences]
    return found + [str(document) for document in inspect_documents() if document.problem]


def last_event(check: Check) -> dict[str, Any]:
    return Event.objects.filter(stream=check, type="reprinted").latest("version").data


def test_it_is_offered_as_a_pdf_that_says_which_copy_it_is(
    printed: Check, again: Again, fake_renderer: FakeRenderer, printers: dict[str, Printer]
) -> None:
    original = printed.pdf_file.name

    check, unmarked = again(printed)

    file = copy_of(printed, 2)
    assert unmarked == ""
    assert "КОПИЯ 2" in fake_renderer.rendered[-1]
    assert types_of(check) == ["created", "rendered", "printed", "reprinted"]
    event = last_event(check)
    assert event == {
        "reason": "промок",
        "copy": 2,
        "file": file,
        "sha256": event["sha256"],
        "bytes": default_storage.size(file),
        "unmarked": "",
    }
    printed.refresh_from_db()
    assert (printed.status, printed.pdf_file.name) == ("rendered", file)
    assert Check.history.get(id=check.pk, version=4).pdf_file == file
    assert deliver.new_check_ids(printers["key1"]) == [check.pk]
    assert default_storage.exists(str(original))
    assert problems() == []


def test_it_counts_on(printed: Check, again: Again, fake_renderer: FakeRenderer, staff: Actor) -> None:
    again(printed)
    services.mark_printed(check_id=printed.pk, actor=staff, now=NOW)

    check, _ = again(printed)

    assert "КОПИЯ 3" in fake_renderer.rendered[-1]
    assert check.pdf_file.name == copy_of(printed, 3)
    assert default_storage.exists(copy_of(printed, 2))


@pytest.mark.parametrize("reason", ["print", "delivery"])
def test_it_follows_a_failure(
    created: list[Check], again: Again, printers: dict[str, Printer], redis: Any, reason: str
) -> None:
    check, printer = created[0], printers["key1"]
    run_render(check.order_id, check.type, str(uuid4()))
    services.download_check(printer=printer, check_id=check.pk, now=NOW)
    if reason == "print":
        services.report_failure(printer=printer, check_id=check.pk, reason="jam", now=NOW)
    else:
        services.expire_lease(check_id=check.pk, now=NOW.replace(hour=13))

    again(check)

    check.refresh_from_db()
    assert (check.status, check.pdf_file.name) == ("rendered", copy_of(check, 2))
    assert problems() == []


def test_it_gives_each_check_of_a_pair_a_copy_of_its_own(
    printers: dict[str, Printer], order: Any, again: Again, staff: Actor, redis: Any
) -> None:
    first, second, _ = services.create_checks(
        order=order | {"point_id": 2}, actor=Actor.order_system(), now=NOW
    )
    run_render(first.order_id, first.type, str(uuid4()))
    for check in (first, second):
        services.mark_printed(check_id=check.pk, actor=staff, now=NOW)

    again(first)

    second.refresh_from_db()
    assert second.pdf_file.name == "pdf/123456_kitchen.pdf"
    assert problems() == []


def test_it_is_forgotten_by_what_is_rendered_again(printed: Check, again: Again, staff: Actor) -> None:
    again(printed)
    services.mark_failed(check_id=printed.pk, reason="x", actor=staff, now=NOW)
    services.retry_check(check_id=printed.pk, reason="x", actor=staff, now=NOW)

    run_render(printed.order_id, printed.type, str(uuid4()))

    printed.refresh_from_db()
    assert printed.pdf_file.name == "pdf/123456_kitchen.pdf"
    assert problems() == []


def test_it_brings_back_a_check_whose_pdf_was_lost(printed: Check, again: Again) -> None:
    default_storage.delete(str(printed.pdf_file.name))

    again(printed)

    assert problems() == []


# --- Without a mark --------------------------------------------------------------------------------------


def test_it_goes_out_without_a_mark_when_that_cannot_be_rendered(
    printed: Check, again: Again, fake_renderer: FakeRenderer, printers: dict[str, Printer]
) -> None:
    fake_renderer.failures = [RenderError(reason="unreachable", permanent=False)]

    check, unmarked = again(printed)

    assert unmarked == "unreachable"
    assert last_event(check) == {
        "reason": "промок",
        "copy": 2,
        "file": "",
        "sha256": "",
        "bytes": 0,
        "unmarked": "unreachable",
    }
    printed.refresh_from_db()
    assert (printed.status, printed.pdf_file.name) == ("rendered", "pdf/123456_kitchen.pdf")
    assert deliver.new_check_ids(printers["key1"]) == [check.pk]
    assert problems() == []


def test_it_goes_out_without_a_mark_when_the_copy_cannot_be_stored(printed: Check, again: Again) -> None:
    (Path(django_settings.MEDIA_ROOT) / copy_of(printed, 2) / "in the way").mkdir(parents=True)

    check, unmarked = again(printed)

    assert unmarked == "storage"
    assert types_of(check)[-1] == "reprinted"
    assert check.pdf_file.name == "pdf/123456_kitchen.pdf"
    assert problems() == []


def test_it_goes_out_without_a_mark_when_something_unforeseen_happens(
    printed: Check, again: Again, fake_renderer: FakeRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake_renderer, "render", None)

    assert again(printed).unmarked == "internal"


def test_it_keeps_the_mark_of_the_copy_before(
    printed: Check, again: Again, fake_renderer: FakeRenderer, staff: Actor
) -> None:
    again(printed)
    services.mark_printed(check_id=printed.pk, actor=staff, now=NOW)
    fake_renderer.failures = [RenderError(reason="timeout", permanent=False)]

    check, _ = again(printed)

    assert (last_event(check)["copy"], check.pdf_file.name) == (3, copy_of(printed, 2))
    assert problems() == []


def test_it_does_not_begin_another_rendering_when_the_time_is_over(
    printed: Check, fake_renderer: FakeRenderer, staff: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("checks.services.reprint.SECONDS_IN_ALL", -1)
    rendered = len(fake_renderer.rendered)

    check, unmarked = Reprinter(fake_renderer).reprint(check_id=printed.pk, reason="x", actor=staff, now=NOW)

    assert (unmarked, len(fake_renderer.rendered)) == ("timeout", rendered)
    assert types_of(check)[-1] == "reprinted"


# --- Refused ---------------------------------------------------------------------------------------------


def test_it_renders_nothing_where_it_is_not_possible(
    created: list[Check], again: Again, fake_renderer: FakeRenderer
) -> None:
    with nothing_written(), pytest.raises(TransitionRefusedError):
        again(created[0])
    assert fake_renderer.rendered == []


def test_it_is_of_a_check_that_there_is(db: None, fake_renderer: FakeRenderer, staff: Actor) -> None:
    with pytest.raises(CheckNotFoundError):
        reprint(Check(pk=7), staff)


def test_it_brings_no_erased_person_back(
    printed: Check, again: Again, created: list[Check], fake_renderer: FakeRenderer, staff: Actor
) -> None:
    services.mark_failed(check_id=created[1].pk, reason="x", actor=staff, now=NOW)
    services.erase_order(order_id=123456, actor=staff, now=NOW)
    rendered = len(fake_renderer.rendered)

    with nothing_written(), pytest.raises(ErasedError):
        again(printed)

    assert len(fake_renderer.rendered) == rendered


class Meanwhile(FakeRenderer):
    """Somebody else does something while it renders."""

    def __init__(self, act: Callable[[], Any]) -> None:
        super().__init__()
        self._act = act

    def render(self, html: str) -> bytes:
        self._act()
        return super().render(html)


def test_it_stores_nothing_of_a_person_who_was_erased_meanwhile(
    printed: Check, created: list[Check], staff: Actor
) -> None:
    services.mark_failed(check_id=created[1].pk, reason="x", actor=staff, now=NOW)
    erase = partial(services.erase_order, order_id=123456, actor=staff, now=NOW)

    with pytest.raises(ErasedError):
        Reprinter(Meanwhile(erase)).reprint(check_id=printed.pk, reason="x", actor=staff, now=NOW)

    assert not default_storage.exists(copy_of(printed, 2))
    assert types_of(printed)[-1] == "erased"


@pytest.mark.parametrize("fails", [False, True], ids=["marked", "unmarked"])
def test_it_is_not_done_twice_where_somebody_was_faster(printed: Check, staff: Actor, fails: bool) -> None:
    """The other's copy is printed already, so the state alone would allow one more."""

    def reprint_and_print() -> None:
        services.reprint_check(check_id=printed.pk, reason="раньше", actor=staff, now=NOW)
        services.mark_printed(check_id=printed.pk, actor=staff, now=NOW)

    meanwhile = Meanwhile(reprint_and_print)
    meanwhile.failures = [RenderError(reason="timeout", permanent=False)] if fails else []

    with pytest.raises(CopyTakenError):
        Reprinter(meanwhile).reprint(check_id=printed.pk, reason="позже", actor=staff, now=NOW)

    assert types_of(printed)[2:] == ["printed", "reprinted", "printed"]
    assert not default_storage.exists(copy_of(printed, 2))
    assert problems() == []


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_whoever_changes_the_check_and_then_sees_that(printed: Check, staff: Actor) -> None:
    other = another_connection()
    other.cursor().execute("SELECT 1 FROM checks_check WHERE id = %s FOR UPDATE", [printed.pk])
    outcomes: list[Any] = []

    def run() -> None:
        outcomes.extend(in_threads(1, lambda _: reprint_with(FakeRenderer(), printed, staff)))

    thread = threading.Thread(target=run)
    thread.start()
    within(10, somebody_waits)
    assert not default_storage.exists(copy_of(printed, 2))

    other.rollback()
    other.close()
    thread.join(10)
    assert [outcome.unmarked for outcome in outcomes] == [""]
    assert problems() == []


def reprint_with(renderer: FakeRenderer, check: Check, staff: Actor) -> Reprint:
    return Reprinter(renderer).reprint(check_id=check.pk, reason="x", actor=staff, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_it_is_one_paper_however_many_ask_at_once(printed: Check, staff: Actor) -> None:
    outcomes = in_threads(4, lambda _: reprint_with(FakeRenderer(), printed, staff))

    done = [outcome for outcome in outcomes if isinstance(outcome, Reprint)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, TransitionRefusedError)]
    assert (len(done), len(refused)) == (1, 3)
    assert types_of(printed).count("reprinted") == 1
    assert problems() == []


# --- Afterwards ------------------------------------------------------------------------------------------


def test_it_is_gone_from_the_disk_when_its_order_is_erased(
    printed: Check, created: list[Check], again: Again, staff: Actor, django_capture_on_commit_callbacks: Any
) -> None:
    """Also the file of a reprint that died between storing it and its commit."""
    services.mark_failed(check_id=created[1].pk, reason="x", actor=staff, now=NOW)
    for _ in range(2):
        again(printed)
        services.mark_printed(check_id=printed.pk, actor=staff, now=NOW)
    copies = [copy_of(printed, number) for number in (2, 3, 4)]
    with default_storage.open(copies[0]) as copy:
        default_storage.save(copies[2], copy)

    with django_capture_on_commit_callbacks(execute=True):
        services.erase_order(order_id=123456, actor=staff, now=NOW)

    assert not [name for name in copies if default_storage.exists(name)]
    assert not list((Path(django_settings.MEDIA_ROOT) / "pdf").glob("123456_*"))
    assert problems() == []


def test_it_is_gone_with_the_next_sweep_where_the_erasure_died(
    printed: Check, created: list[Check], again: Again, staff: Actor, redis: Any
) -> None:
    services.mark_failed(check_id=created[1].pk, reason="x", actor=staff, now=NOW)
    again(printed)
    services.mark_printed(check_id=printed.pk, actor=staff, now=NOW)
    services.erase_order(order_id=123456, actor=staff, now=NOW)
    assert default_storage.exists(copy_of(printed, 2))

    sweep()

    assert not default_storage.exists(copy_of(printed, 2))


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(path.read_bytes()[:-9]), "size"),
        (lambda path: path.write_bytes(path.read_bytes().replace(b"1.4", b"1.5")), "altered"),
    ],
    ids=["lost", "cut", "changed"],
)
def test_it_is_looked_after_by_verify_documents(
    printed: Check, again: Again, harm: Callable[[Path], Any], problem: str
) -> None:
    again(printed)
    file = copy_of(printed, 2)
    harm(Path(django_settings.MEDIA_ROOT) / file)
    said = StringIO()

    with pytest.raises(SystemExit, match="1"):
        call_command("verify_documents", "--quiet", stdout=said)

    assert said.getvalue().splitlines()[0] == f"check {printed.pk}: {file}: {problem}"


def test_it_still_counts_where_it_is_from_before_the_marks(
    printed: Check, again: Again, staff: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log of an older release: the event has neither a file nor a word on why it has none."""
    with monkeypatch.context() as before:
        data = {"reason": "раньше", "copy": 2}
        before.setattr(registry, "encode", lambda _payload: Encoded("reprinted", 1, data))
        services.reprint_check(check_id=printed.pk, reason="раньше", actor=staff, now=NOW)
    old = Event.objects.get(stream=printed, type="reprinted")
    assert (old.schema_version, old.data) == (1, {"reason": "раньше", "copy": 2})
    services.mark_printed(check_id=printed.pk, actor=staff, now=NOW)
    assert problems() == []

    check, _ = again(printed)

    assert check.pdf_file.name == copy_of(printed, 3)
    assert problems() == []
