"""The service's settings with one more address, for the limit that a request through Django has anyway."""

from forfar.settings import *  # noqa: F403

ROOT_URLCONF = "dev.bench.urls"
