"""The service at one moment, FROZEN_AT: the pictures say "4 minutes ago" whenever they are made."""

import os
from datetime import datetime

from django.utils import timezone

MOMENT = datetime.fromisoformat(os.environ["FROZEN_AT"])
timezone.now = lambda: MOMENT

from forfar.wsgi import application  # noqa: E402 - whoever asks for the time has to get this one

__all__ = ["application"]
