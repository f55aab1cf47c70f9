from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "readers.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        """Keep events out of the archive until their deliveries are written."""
        from events.feed.follower import register
        from readers.webhooks.follower import WebhookFollower

        register(WebhookFollower)
