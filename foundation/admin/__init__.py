"""What the admin pages of every app are made of. Django imports this package when it looks for admins."""

from foundation.admin import staff  # noqa: F401 - registers users and groups
