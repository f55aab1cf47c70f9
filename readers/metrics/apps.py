from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "readers.metrics"
    label = "metrics"

    def ready(self) -> None:
        """Keep events out of the archive until they are counted."""
        from events.feed.follower import register
        from readers.metrics.tally import TallyFollower

        register(TallyFollower)
