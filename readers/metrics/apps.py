from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "readers.metrics"
    label = "metrics"

    def ready(self) -> None:
        """Have the archive wait until its events are counted."""
        from events.feed import followers
        from readers.metrics import tally

        followers.register("metrics", tally.position)
