"""Changes to the HTML of django-rq's pages: their texts in the user's language, and no scripts in the page.

Works around django-rq 4.2, which has neither translations nor labels for its fields. Check on upgrade: the
test that visits every page and finds texts that TEXTS does not have.
"""

import re

from django.utils.html import escape
from django.utils.translation import gettext

from foundation.jobs.texts import TEXTS

# The Content-Security-Policy forbids both kinds of scripts. `jobs.js` does the work of the first. The second
# makes rows clickable that contain a link anyway.
SCRIPT = re.compile(r"<script[^>]*>\s*\(function\(\$\).*?</script>", re.DOTALL)
CLICK = re.compile(r' onclick="[^"]*"')
NODE = re.compile(r"(?<=>)[^<>]+(?=<)")
ATTRIBUTE = re.compile(r'(?<= (?:value|title)=")[^"]+(?=")')
TOGGLE, ACTION = '<input type="checkbox" id="action-toggle"', '<select name="action"'
ROW_BOX = re.compile(r'<input class="action-select"[^>]* value="([^"]*)"')
PLACEHOLDER = re.compile(r"%\\\((\w+)\\\)s")  # as `re.escape` writes it


def _pattern(text: str) -> re.Pattern[str]:
    """Make a pattern of a text with placeholders. It ignores case and matches the singular of `jobs`."""
    pattern = PLACEHOLDER.sub(r"(?P<\1>\\S+)", re.escape(text)).replace("jobs", "jobs?")
    return re.compile(pattern, re.IGNORECASE)


EXACT = {text for text in TEXTS if "%(" not in text}
PATTERNS = [(_pattern(text), text) for text in TEXTS if "%(" in text]


def adapted(html: str) -> str:
    """Return a page of django-rq in the active language, with labels and without scripts of its own."""
    html = CLICK.sub("", SCRIPT.sub("", html))
    html = ATTRIBUTE.sub(_translated, NODE.sub(_translated, html))
    for tag, label in ((TOGGLE, gettext("All jobs")), (ACTION, gettext("Action"))):
        html = html.replace(tag, f'{tag} aria-label="{escape(label)}"')
    return ROW_BOX.sub(lambda found: f'{found[0]} aria-label="{found[1]}"', html)


def _translated(found: re.Match[str]) -> str:
    text = found[0].split(" | ")[0].strip()  # the page's title goes on with the name of the site
    known = _in_language(" ".join(text.split()))
    return found[0].replace(text, known) if known else found[0]


def _in_language(text: str) -> str:
    """Translate a text of django-rq, or return "" for any other."""
    if text in EXACT:
        return escape(gettext(text))
    for pattern, known in PATTERNS:
        if match := pattern.fullmatch(text):
            return gettext(known) % match.groupdict()
    return ""
