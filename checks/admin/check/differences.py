"""What a verification finds about one check, in the words of its page."""

from django.utils.translation import gettext as _

from checks.admin.words import column_name, column_value, event_name
from checks.integrity.verification import Difference
from checks.integrity.verification.differences import COLUMN_DIFFERS, RECORD_DIFFERS
from foundation.errors import gettext_noop

MOST_SHOWN = 20

# Shorter than what the command says, for readers who do not know the tables.
SENTENCES = {
    COLUMN_DIFFERS: gettext_noop("%(column)s: %(before)s by the events, %(after)s in the list of checks"),
    RECORD_DIFFERS: gettext_noop("%(column)s: %(before)s by the events, %(after)s in the history"),
}


def in_words(differences: list[Difference]) -> list[str]:
    """Return a sentence for each difference, for at most 20."""
    return [_sentence(difference) for difference in differences[:MOST_SHOWN]]


def _sentence(difference: Difference) -> str:
    sentence = _(SENTENCES.get(difference.message, difference.message)) % _facts(difference)
    if difference.version is None:
        return sentence
    return _("Version %(version)s: %(sentence)s") % {"version": difference.version, "sentence": sentence}


def _facts(difference: Difference) -> dict[str, object]:
    facts = difference.facts
    if "column" in facts:
        name = facts["column"]
        before, after = column_value(name, facts["expected"]), column_value(name, facts["found"])
        return {"column": column_name(name), "before": before, "after": after}
    return {**facts, "event": event_name(facts["event"])} if "event" in facts else facts
