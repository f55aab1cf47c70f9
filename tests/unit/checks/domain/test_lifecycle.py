"""The table of a check's life: given these events, when commanded, then these events or this refusal."""

from datetime import datetime, timedelta, timezone
from typing import Any, get_args

import pytest

from checks.domain import commands as do
from checks.domain import event_types as happened
from checks.domain.fold import fold
from checks.domain.lifecycle import decide
from checks.domain.refusals import (
    CopyTakenError,
    DocumentMissingError,
    DocumentReplacedError,
    ErasedError,
    NeverDownloadedError,
    NotRenderedError,
    TransitionRefusedError,
)
from checks.domain.state import CheckState

T0 = datetime(2026, 1, 15, 12, 0, tzinfo=timezone.utc)
LEASE_END = T0 + timedelta(seconds=120)

CREATED = happened.Created("123456", "kitchen", 1, 1, "00" * 32)
RENDERED = happened.Rendered("pdf/123456_kitchen.pdf", "ab" * 32, 1000, 1, 50, "fake", "t@0")
LEASED = happened.Downloaded(1, LEASE_END.isoformat())
UNCONFIRMED = happened.Failed("delivery", "unconfirmed", permanent=False)

COPY = do.RecordRender("pdf/123456_kitchen_1_copy2.pdf", "cd" * 32, 1100, 1, 50, "fake", "t@0")
MARKED = happened.Reprinted("lost", 2, COPY.file, COPY.sha256, COPY.bytes, "")
UNMARKED = happened.Reprinted("lost", 2, "", "", 0, "unmarked")

# Every state that matters, by the events that lead to it.
GIVEN: dict[str, list[Any]] = {
    "nothing": [],
    "new": [CREATED],
    "new, attempts failed": [CREATED, *[happened.RenderAttemptFailed(n, "timeout", 9) for n in (1, 2, 3)]],
    "retried": [CREATED, happened.Failed("render", "timeout", permanent=False), happened.Retried("again")],
    "rendered": [CREATED, RENDERED],
    "leased": [CREATED, RENDERED, LEASED],
    "released": [CREATED, RENDERED, LEASED, happened.Released()],
    "printed": [CREATED, RENDERED, LEASED, happened.Printed("confirmed")],
    "printed by hand": [CREATED, RENDERED, happened.Printed("by_hand")],
    "failed(render)": [CREATED, happened.Failed("render", "timeout", permanent=False)],
    "failed(print)": [CREATED, RENDERED, LEASED, happened.Failed("print", "no paper", permanent=False)],
    "failed(unconfirmed)": [CREATED, RENDERED, LEASED, UNCONFIRMED],
    "reprinted": [CREATED, RENDERED, LEASED, UNCONFIRMED, MARKED],
    "reprinted, unmarked": [CREATED, RENDERED, LEASED, UNCONFIRMED, UNMARKED],
    "erased": [CREATED, RENDERED, LEASED, happened.Printed("confirmed"), happened.Erased(["order"])],
}

COMMANDS: dict[str, Any] = {
    "create": do.Create("123456", "kitchen", 1, 1, "00" * 32),
    "record render": do.RecordRender("pdf/123456_kitchen.pdf", "ab" * 32, 1000, 1, 50, "fake", "t@0"),
    "record transient failure": do.RecordRenderFailure("timeout", 9, permanent=False, max_attempts=4),
    "record permanent failure": do.RecordRenderFailure("refused", 9, permanent=True, max_attempts=4),
    "download (confirm)": do.Download(T0, "confirm", 120),
    "download (resend)": do.Download(T0, "resend", 120),
    "download (download)": do.Download(T0, "download", 120),
    "confirm print": do.ConfirmPrint(T0),
    "report failure": do.ReportFailure("no paper"),
    "expire lease (confirm)": do.ExpireLease(LEASE_END, "confirm"),
    "expire lease (resend)": do.ExpireLease(LEASE_END, "resend"),
    "expire lease too early": do.ExpireLease(T0, "confirm"),
    "mark printed": do.MarkPrinted(),
    "mark failed": do.MarkFailed("wet paper"),
    "retry": do.Retry("again"),
    "reprint": do.Reprint("lost"),
    "reprint as copy 2": do.Reprint("lost", copy=2, document=COPY),
    "erase": do.Erase(("order",)),
}

REFUSED = TransitionRefusedError
NOTHING: list[Any] = []


def attempt(number: int, reason: str = "timeout") -> happened.RenderAttemptFailed:
    return happened.RenderAttemptFailed(number, reason, 9)


def downloaded(number: int) -> happened.Downloaded:
    return happened.Downloaded(number, None)


def leased(number: int) -> happened.Downloaded:
    return happened.Downloaded(number, LEASE_END.isoformat())


def any_download(event: happened.Downloaded) -> dict[str, Any]:
    return {f"download ({delivery})": [event] for delivery in ("confirm", "resend", "download")}


GIVEN_UP = {
    "record permanent failure": [attempt(1, "refused"), happened.Failed("render", "refused", permanent=True)],
    "mark failed": [happened.Failed("render", "wet paper", permanent=True)],
}
PRINT_FAILED = [happened.Failed("print", "no paper", permanent=False)]
MARKED_FAILED = [happened.Failed("print", "wet paper", permanent=True)]
BY_HAND = [happened.Printed("by_hand")]
ERASED = [happened.Erased(["order"])]

OFFERED_AGAIN = {
    "download (confirm)": [leased(2)],
    "download (resend)": [leased(2)],
    "download (download)": [downloaded(2), happened.Printed("download")],
    "mark printed": BY_HAND,
    "mark failed": MARKED_FAILED,
}

WAITING = {
    "record render": [RENDERED],
    "record transient failure": [attempt(1)],
    **GIVEN_UP,
}

# What is not in the table must be refused with TransitionRefusedError.
THEN: dict[str, dict[str, Any]] = {
    "nothing": {"create": [CREATED]},
    "new": WAITING,
    "retried": WAITING,
    "new, attempts failed": {
        "record render": [RENDERED],
        "record transient failure": [attempt(4), happened.Failed("render", "timeout", permanent=False)],
        "record permanent failure": [
            attempt(4, "refused"),
            happened.Failed("render", "refused", permanent=True),
        ],
        "mark failed": [happened.Failed("render", "wet paper", permanent=True)],
    },
    "rendered": {
        "download (confirm)": [leased(1)],
        "download (resend)": [leased(1)],
        "download (download)": [downloaded(1), happened.Printed("download")],
        "mark printed": BY_HAND,
        "mark failed": MARKED_FAILED,
    },
    "leased": {
        "download (confirm)": [leased(2)],
        "download (resend)": [leased(2)],
        "download (download)": [downloaded(2), happened.Printed("download")],
        "confirm print": [happened.Printed("confirmed")],
        "report failure": PRINT_FAILED,
        "expire lease (confirm)": [UNCONFIRMED],
        "expire lease (resend)": [happened.Released()],
        "mark printed": BY_HAND,
        "mark failed": MARKED_FAILED,
    },
    "released": {
        "download (confirm)": [leased(2)],
        "download (resend)": [leased(2)],
        "download (download)": [downloaded(2), happened.Printed("download")],
        "confirm print": [happened.Printed("late")],
        "report failure": PRINT_FAILED,
        "mark printed": BY_HAND,
        "mark failed": MARKED_FAILED,
    },
    "printed": {
        **any_download(downloaded(2)),
        "confirm print": NOTHING,
        "reprint": [UNMARKED],
        "reprint as copy 2": [MARKED],
        "erase": ERASED,
    },
    "printed by hand": {
        **any_download(downloaded(1)),
        "reprint": [UNMARKED],
        "reprint as copy 2": [MARKED],
        "erase": ERASED,
    },
    "failed(render)": {"retry": [happened.Retried("again")], "erase": ERASED},
    "failed(print)": {
        "retry": [happened.Retried("again")],
        **any_download(downloaded(2)),
        "report failure": NOTHING,
        "reprint": [UNMARKED],
        "reprint as copy 2": [MARKED],
        "erase": ERASED,
    },
    "failed(unconfirmed)": {
        "retry": [happened.Retried("again")],
        **any_download(downloaded(2)),
        "confirm print": [happened.Printed("late")],
        "mark printed": BY_HAND,
        "reprint": [UNMARKED],
        "reprint as copy 2": [MARKED],
        "erase": ERASED,
    },
    "reprinted": OFFERED_AGAIN,
    "reprinted, unmarked": OFFERED_AGAIN,
    "erased": {"erase": NOTHING},
}

# Ending a lease that has gone, or is not over yet, is no mistake: another sweeper was faster.
for _state in GIVEN.keys() - {"nothing", "erased"}:
    for _command in ("expire lease (confirm)", "expire lease (resend)", "expire lease too early"):
        THEN[_state].setdefault(_command, NOTHING)

OTHER_REFUSALS: dict[tuple[str, str], type[Exception]] = {
    **{
        (state, f"download ({delivery})"): NotRenderedError
        for state in ("new", "new, attempts failed", "retried", "failed(render)")
        for delivery in ("confirm", "resend", "download")
    },
    **{
        (state, command): NeverDownloadedError
        for state in (
            "new",
            "new, attempts failed",
            "retried",
            "rendered",
            "printed by hand",
            "failed(render)",
            "reprinted",
            "reprinted, unmarked",
        )
        for command in ("confirm print", "report failure")
    },
    **{("erased", command): ErasedError for command in COMMANDS if command not in {"create", "erase"}},
}


def given(name: str) -> CheckState | None:
    return fold((event, T0) for event in GIVEN[name])


def size_of(state: str) -> int:
    return COPY.bytes if state == "reprinted" else RENDERED.bytes


def test_it_decides_every_kind_of_command() -> None:
    assert {type(command) for command in COMMANDS.values()} == set(get_args(do.Command))


@pytest.mark.parametrize("delivery", ["confirm", "resend", "download"])
@pytest.mark.parametrize("state", [state for state in GIVEN if "download (confirm)" in THEN[state]])
def test_it_takes_no_download_of_another_file_than_the_rendered(state: str, delivery: str) -> None:
    right = size_of(state)
    assert decide(given(state), do.Download(T0, delivery, 120, size=right))
    for size in (0, right - 1, right + 1):
        with pytest.raises(DocumentMissingError):
            decide(given(state), do.Download(T0, delivery, 120, size=size))


def test_it_takes_no_download_of_the_file_that_was_there_before_the_copy() -> None:
    original = do.Download(T0, "confirm", 120, size=RENDERED.bytes, file=RENDERED.file)
    copy = do.Download(T0, "confirm", 120, size=COPY.bytes, file=COPY.file)

    assert decide(given("printed"), original)
    assert decide(given("reprinted"), copy) == [leased(2)]
    with pytest.raises(DocumentReplacedError):
        decide(given("reprinted"), original)


@pytest.mark.parametrize("copy", [1, 3])
def test_it_makes_no_copy_of_another_number_than_was_meant(copy: int) -> None:
    with pytest.raises(CopyTakenError):
        decide(given("printed"), do.Reprint("lost", copy=copy, document=COPY))


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("state", GIVEN)
def test_it_decides(state: str, command: str) -> None:
    expected = THEN[state].get(command)

    if expected is None:
        refusal = OTHER_REFUSALS.get((state, command), REFUSED)
        with pytest.raises(refusal):
            decide(given(state), COMMANDS[command])
    else:
        assert decide(given(state), COMMANDS[command]) == expected
