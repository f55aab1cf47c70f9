from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChecksConfig(AppConfig):
    name = "checks"
    verbose_name = _("Checks")

    def ready(self) -> None:
        # The payloads have to be registered before anything reads the log.
        from checks import event_types  # noqa: F401
