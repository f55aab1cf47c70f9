"""What has been counted of the log, and up to where.

Nothing here is a source: emptied, it is counted anew from the beginning of the log.
"""

from django.db import models

from events.feed.reading import BEGINNING


class Tally(models.Model):
    """How many events of one kind there were: all of a type, or those with one more thing in common."""

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


class TallyPosition(models.Model):
    """The last event of the feed that is in the tally. One row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    tx_id = models.BigIntegerField(default=BEGINNING.tx_id)
    event_id = models.BigIntegerField(default=BEGINNING.id)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="metrics_tallyposition_one_row")]

    def __str__(self) -> str:
        return f"({self.tx_id}, {self.event_id})"
