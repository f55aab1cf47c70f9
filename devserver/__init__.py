"""PostgreSQL and Redis out of Python wheels, and the service's processes: what script/server starts.

Nothing here imports Django. `embedded()` is the part that tests and benchmarks use too.
"""

from devserver.errors import DevServerError
from devserver.stack import addresses, embedded

__all__ = ["DevServerError", "addresses", "embedded"]
