from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "readers.analytics"
    label = "analytics"

    def ready(self) -> None:
        """Keep events out of the archive until they are in the summaries."""
        from events.feed.follower import register
        from readers.analytics.summaries import SummariesFollower

        register(SummariesFollower)
