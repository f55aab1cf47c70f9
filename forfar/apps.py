from django.apps import AppConfig


class ForFarConfig(AppConfig):
    name = "forfar"
    verbose_name = "ForFar"
