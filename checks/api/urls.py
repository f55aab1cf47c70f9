from django.urls import path

from checks.api import views

urlpatterns = [
    path("create_checks/", views.CreateChecksView.as_view()),
    path("order_checks/", views.OrderChecksView.as_view()),
]
