from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChecksConfig(AppConfig):
    name = "checks"
    verbose_name = _("Checks")

    def ready(self) -> None:
        # Registers the payloads before anything reads the log, and the system checks before they run.
        from checks.admin.words import EVENTS
        from checks.domain import event_types  # noqa: F401
        from checks.rendering import system_checks  # noqa: F401
        from events.log.words import name_events

        name_events(EVENTS)
