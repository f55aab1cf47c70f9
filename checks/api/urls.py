from django.urls import path

from checks.api import views

urlpatterns = [
    path("create_checks/", views.CreateChecksView.as_view()),
    path("order_checks/", views.OrderChecksView.as_view()),
    path("new_checks/", views.NewChecksView.as_view()),
    path("check/", views.CheckView.as_view()),
    path("check/printed/", views.CheckPrintedView.as_view()),
    path("check/failed/", views.CheckFailedView.as_view()),
]
