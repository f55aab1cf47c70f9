"""The admin of webhooks: subscriptions and deliveries."""

from readers.webhooks.admin import deliveries, subscriptions  # noqa: F401 - registers them
