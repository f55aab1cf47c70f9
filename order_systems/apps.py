from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrderSystemsConfig(AppConfig):
    name = "order_systems"
    verbose_name = _("Order systems")

    def ready(self) -> None:
        from order_systems import system_checks  # noqa: F401 - registers them
