from django.apps import AppConfig


class MetricsConfig(AppConfig):
    name = "metrics"

    def ready(self) -> None:
        """Have the archive wait until its events are counted."""
        from events import followers
        from metrics import tally

        followers.register("metrics", tally.position)
