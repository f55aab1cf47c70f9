"""The least that a Django REST framework view with a query can do."""

from django.db import connection
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class EmptyView(APIView):
    def get(self, _request: Request) -> Response:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
        return Response({"checks": []})


urlpatterns = [path("new_checks/", EmptyView.as_view())]
