"""How hypothesis looks for failures: the same few examples ordinarily, many new ones with --thorough.

Ordinarily a run must not fail by luck, so its examples are always the same. Thorough runs are random; the
report's header has the seed, and `--hypothesis-seed` takes it again. Time limits for an example are off: on a
busy machine they fail by themselves.
"""

import os
import random

import pytest
from hypothesis import HealthCheck, Phase, core, settings

COMMON = settings(
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
    phases=[phase for phase in Phase if phase is not Phase.explain],  # it takes minutes with a database
)
SEED = "FORFAR_TEST_SEED"  # for the processes of xdist
ORDINARY, THOROUGH = "ordinary", "thorough"
settings.register_profile(ORDINARY, COMMON, derandomize=True)
settings.register_profile(THOROUGH, COMMON, derandomize=False)

_loaded = ORDINARY


def load_profile(config: pytest.Config) -> None:
    """Load the profile that the options ask for, with a seed that can be given again."""
    global _loaded
    _loaded = THOROUGH if config.getoption("--thorough") else ORDINARY
    settings.load_profile(_loaded)
    if _loaded == THOROUGH and config.getoption("--hypothesis-seed") is None:
        given = os.environ.setdefault(SEED, str(random.SystemRandom().getrandbits(64)))
        core.global_force_seed = int(given)


def seed() -> int:
    """Return what a test with its own random numbers shall begin with."""
    return 0 if core.global_force_seed is None else core.global_force_seed


def describe_profile() -> str:
    """Return the line of the report's header."""
    seed = "" if core.global_force_seed is None else f", --hypothesis-seed={core.global_force_seed}"
    return f"examples: {_loaded}{seed}"


def examples(ordinarily: int, thoroughly: int) -> int:
    """Return how many examples a test shall try; to be called after the profile is loaded."""
    return thoroughly if _loaded == THOROUGH else ordinarily
