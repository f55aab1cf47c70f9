from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("Notices to order systems")

    def ready(self) -> None:
        """Have the archive wait until its events are in notices."""
        from events import followers
        from notices import selectors

        followers.register("notices", selectors.position)
