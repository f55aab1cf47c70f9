from django.urls import path

from delivery.api import views

urlpatterns = [
    path("new_checks/", views.NewChecksView.as_view()),
    path("check/", views.CheckView.as_view()),
    path("check/printed/", views.CheckPrintedView.as_view()),
    path("check/failed/", views.CheckFailedView.as_view()),
]
