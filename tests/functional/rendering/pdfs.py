"""Reading PDFs with poppler's tools, which know nothing of how they were made."""

import re
import subprocess
from dataclasses import dataclass


def read_text(content: bytes, *, page: int | None = None) -> str:
    """Give the text as a person would copy it, without the layout's white space around words."""
    pages = [] if page is None else ["-f", str(page), "-l", str(page)]
    answer = subprocess.run(["pdftotext", *pages, "-", "-"], input=content, capture_output=True, check=True)
    return answer.stdout.decode()


def joined(text: str) -> str:
    """Give the text without white space, so that wrapped lines and names broken by them compare."""
    return re.sub(r"\s+", "", text)


def count_pages(content: bytes) -> int:
    answer = subprocess.run(["pdfinfo", "-"], input=content, capture_output=True, check=True)
    return int(re.search(rb"Pages:\s+(\d+)", answer.stdout)[1])


@dataclass(frozen=True)
class Word:
    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str


def read_words(content: bytes) -> list[Word]:
    """Give each word with its box in points from the top left of its page."""
    answer = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=content, capture_output=True, check=True)
    words = []
    for page, part in enumerate(answer.stdout.decode().split("<page ")[1:], start=1):
        for *box, text in re.findall(
            r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>', part
        ):
            words.append(Word(page, *map(float, box), text))
    return words
