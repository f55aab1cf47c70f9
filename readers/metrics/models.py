"""The counters. They can be rebuilt: empty them and delete their position, and the log is counted again."""

from django.db import models


class Tally(models.Model):
    """The number of events of one kind: all of a type, or those that also share a label."""

    kind = models.CharField(max_length=40)
    first = models.CharField(max_length=40, blank=True)
    second = models.CharField(max_length=40, blank=True)
    count = models.BigIntegerField()
    total = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "second"], name="metrics_tally_unique")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first} {self.second}: {self.count}"
