"""The Russian translation …"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation.template import templatize
from rest_framework import serializers

from checks.api.serializers import OrderSerializer
from delivery.api.serializers import ReasonSerializer

ROOT = Path(settings.BASE_DIR)
CATALOGUE = ROOT / "locale" / "ru" / "LC_MESSAGES" / "django.po"
MARKERS = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
IN_TEMPLATE = re.compile(r"""\b(?:gettext|_)\(u?(?P<quote>['"])(?P<text>.*?)(?P=quote)\)""")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(CATALOGUE))


def _marked_in_python(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name(node.func) in MARKERS:
            (text,) = node.args
            if isinstance(text, ast.Constant):
                yield text.value


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _marked_texts() -> set[str]:
    texts: set[str] = set()
    for folder in (
        "forfar",
        "readers",
        "delivery",
        "checks",
        "printers",
        "order_systems",
        "events",
        "foundation",
    ):
        for path in (ROOT / folder).rglob("*.py"):
            texts.update(_marked_in_python(path.read_text()))
    for path in (ROOT / "templates").rglob("*.html"):
        texts.update(match["text"] for match in IN_TEMPLATE.finditer(templatize(path.read_text())))
    return texts


def test_it_has_every_text_of_the_sources(catalogue: polib.POFile) -> None:
    marked = _marked_texts()

    assert {"Authorization error", "There is no such check.", "Timeline"} <= marked  # each kind is found
    assert marked - {entry.msgid for entry in catalogue} == set()


def test_it_holds_nothing_that_is_gone_from_the_sources(catalogue: polib.POFile) -> None:
    assert {entry.msgid for entry in catalogue} - _marked_texts() == set()


def test_it_is_complete(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue if entry.fuzzy or entry.obsolete or not entry.msgstr] == []


def test_it_keeps_the_placeholders(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        assert sorted(PLACEHOLDER.findall(entry.msgid)) == sorted(PLACEHOLDER.findall(entry.msgstr))


def test_it_is_compiled_as_it_is_written(catalogue: polib.POFile) -> None:
    compiled = polib.mofile(str(CATALOGUE.with_suffix(".mo")))

    assert {entry.msgid: entry.msgstr for entry in compiled} == {
        entry.msgid: entry.msgstr for entry in catalogue
    }


def test_it_is_the_default() -> None:
    assert settings.LANGUAGE_CODE == "ru"


@pytest.mark.parametrize(
    ("text", "russian"),
    [
        ("Checks have been created", "Чеки успешно созданы"),
        ("Authorization error", "Ошибка авторизации"),
    ],
)
def test_it_has_the_words_that_were_asked_for(text: str, russian: str) -> None:
    with translation.override("ru"):
        assert translation.gettext(text) == russian


def _fields(field: Any) -> Iterator[Any]:
    yield field
    children = [*getattr(field, "fields", {}).values(), getattr(field, "child", None)]
    for child in children:
        if child is not None:
            yield from _fields(child)


@pytest.mark.parametrize("serializer", [OrderSerializer, ReasonSerializer])
def test_it_covers_what_a_field_may_complain_of(serializer: type[serializers.Serializer[Any]]) -> None:
    with translation.override("ru"):
        english = [
            f"{field.field_name}: {message}"
            for field in _fields(serializer())
            for code, message in field.error_messages.items()
            if not re.search("[а-яё]", str(message))
        ]

    assert english == []
