"""The sentence about a check …"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from checks.admin.check.what_now import SENTENCES, Facts, case_of, what_now
from checks.domain.state import Status
from printers.delivery import Delivery
from tests.unit.checks.admin.states import LIVES, NOW, state_of

SOON = NOW + timedelta(seconds=10)
FACTS = Facts(
    now=SOON,
    printer="Kitchen 2",
    delivery=Delivery.CONFIRM.value,
    last_seen_at=SOON - timedelta(seconds=3),
    silent_after=timedelta(seconds=60),
)
LATE = {"now": NOW + timedelta(minutes=5), "last_seen_at": NOW + timedelta(minutes=5)}
SILENT = {"last_seen_at": SOON - timedelta(minutes=4)}
TABLE: list[tuple[str, dict[str, Any], str]] = [
    ("new", {}, "rendering"),
    ("new", LATE, "rendering_late"),
    ("new, an attempt failed", {}, "rendering_again"),
    ("new, an attempt failed", LATE, "rendering_late"),
    ("retried", {}, "rendering"),
    ("rendered", {}, "offered"),
    ("rendered", SILENT, "printer_silent"),
    ("rendered", {"last_seen_at": None}, "printer_never_seen"),
    ("rendered", {"document_in_place": False}, "document_gone"),
    ("leased", {}, "leased"),
    ("leased", LATE, "lease_over"),
    ("leased", {**LATE, "delivery": Delivery.RESEND.value}, "lease_over_resend"),
    ("leased", {"document_in_place": False}, "document_gone"),
    ("released", {}, "offered_again"),
    ("released", SILENT, "printer_silent"),
    ("reprinted", {}, "offered"),
    ("printed", {}, "printed"),
    ("printed", {"printed_how": "confirmed"}, "printed_confirmed"),
    ("printed", {"printed_how": "late"}, "printed_late"),
    ("printed", {"printed_how": "by_hand"}, "printed_by_hand"),
    ("printed", {"printed_how": "download"}, "printed_download"),
    ("failed to render", {}, "not_rendered"),
    ("failed to print", {}, "not_printed"),
    ("unconfirmed", {}, "unconfirmed"),
    ("failed to print", {"failed_by": "Olga"}, "failed_by_staff"),
    ("erased", {}, "erased"),
]


@pytest.mark.parametrize(("life", "facts", "case"), TABLE)
def test_it_is_the_one_that_is_true(life: str, facts: dict[str, Any], case: str) -> None:
    assert case_of(state_of(life), replace(FACTS, **facts)) == case


def test_it_is_tested_for_every_life_status_and_sentence() -> None:
    assert {life for life, _, _ in TABLE} == set(LIVES)
    assert {state_of(life).status for life, _, _ in TABLE} == set(Status)
    assert {case for _, _, case in TABLE} == set(SENTENCES)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize(("life", "facts", "case"), TABLE)
def test_it_is_one_sentence_in_both_languages(
    life: str, facts: dict[str, Any], case: str, language: str
) -> None:
    with translation.override(language):
        sentence = what_now(state_of(life), replace(FACTS, **facts))

    assert sentence.endswith(".")
    assert ". " not in sentence
    assert "%" not in sentence


def test_it_has_the_facts_in_it() -> None:
    with translation.override("en"):
        silent = what_now(state_of("rendered"), replace(FACTS, **SILENT))
        failed = what_now(state_of("failed to render"), FACTS)
        reported = what_now(state_of("failed to print"), FACTS)

    assert "printer Kitchen 2, which was last seen 4 min ago" in silent
    assert "rendering took too long" in failed
    assert "paper jam" in reported
