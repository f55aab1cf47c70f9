"""What staff can do with a check in its present state. The lifecycle decides what is offered."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from checks.domain.commands import Command, MarkFailed, MarkPrinted, Reprint, Retry
from checks.domain.lifecycle import decide
from checks.domain.state import CheckState
from foundation.errors import ForFarError


@dataclass(frozen=True)
class Action:
    """Something that staff can do. `command` asks the lifecycle whether it is possible."""

    name: str
    label: "str | Promise"
    question: "str | Promise"
    effect: "str | Promise"
    command: Command

    @property
    def takes_reason(self) -> bool:
        return hasattr(self.command, "reason")


ACTIONS = (
    Action(
        "reprint",
        _("Print it again"),
        _("Print this check again?"),
        _("The printer is offered the check again. The new paper says at its top which copy it is."),
        Reprint(""),
    ),
    Action(
        "printed",
        _("Mark it as printed"),
        _("Is this check on paper?"),
        _("The check counts as printed. Nothing is sent to the printer."),
        MarkPrinted(),
    ),
    Action(
        "retry",
        _("Render it again"),
        _("Render this check again?"),
        _("A new PDF is made and offered to the printer, which prints it."),
        Retry(""),
    ),
    Action(
        "failed",
        _("Mark it as failed"),
        _("Mark this check as failed?"),
        _("The check counts as failed and is no longer offered to the printer."),
        MarkFailed(""),
    ),
)


def allowed_actions(state: CheckState) -> list[Action]:
    """Return the actions that the lifecycle accepts in this state."""
    return [action for action in ACTIONS if _would_change(state, action.command)]


def action_named(name: str) -> Action | None:
    return next((action for action in ACTIONS if action.name == name), None)


def _would_change(state: CheckState, command: Any) -> bool:
    try:
        return bool(decide(state, command))
    except ForFarError:
        return False
