from django.urls import path

from feed import views

urlpatterns = [path("events/", views.EventsView.as_view())]
