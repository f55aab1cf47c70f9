"""The admin of notices: who is told, and what became of each notice."""

from readers.webhooks.admin import deliveries, subscriptions  # noqa: F401 - registers them
