from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "readers.analytics"
    label = "analytics"

    def ready(self) -> None:
        """Have the archive wait until its events are in the summaries."""
        from events.feed import followers
        from readers.analytics import summaries

        followers.register("analytics", summaries.position)
