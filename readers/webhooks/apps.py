from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "readers.webhooks"
    label = "webhooks"
    verbose_name = _("Notices to order systems")

    def ready(self) -> None:
        """Have the archive wait until its events are in notices."""
        from events.feed import followers
        from readers.webhooks import selectors

        followers.register("webhooks", selectors.position)
