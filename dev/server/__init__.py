"""PostgreSQL and Redis out of Python wheels, and the service's processes: what script/server starts.

Nothing here imports Django. `embedded()` is the part that tests and benchmarks use too.
"""

from dev.server.errors import DevServerError
from dev.server.stack import addresses, embedded

__all__ = ["DevServerError", "addresses", "embedded"]
