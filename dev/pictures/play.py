"""python -m dev.pictures.play: play the scene in the environment's database; print its checks' ids as JSON.

MOMENT     when it has just happened, ISO 8601 with an offset
DAYS       how many ordinary days lie before it
PASSWORD   of everybody in it
"""

import json
import os
import sys
from datetime import datetime

import django

django.setup()

from dev.pictures.scene import play  # noqa: E402 - Django has to be set up first

moment, days, password = (os.environ[name] for name in ("MOMENT", "DAYS", "PASSWORD"))
json.dump(play(now=datetime.fromisoformat(moment), days=int(days), password=password), sys.stdout)
