from django.urls import path

from events.api import views

urlpatterns = [path("events/", views.EventsView.as_view())]
