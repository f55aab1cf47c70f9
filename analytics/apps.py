from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "analytics"

    def ready(self) -> None:
        """Have the archive wait until its events are in the summaries."""
        from analytics import summaries
        from events import followers

        followers.register("analytics", summaries.position)
