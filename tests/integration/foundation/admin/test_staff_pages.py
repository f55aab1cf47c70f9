"""The pages of the staff …"""

import pytest
from django.contrib.auth.models import User
from django.test import Client

pytestmark = pytest.mark.django_db


def test_they_make_somebody_inactive_and_delete_nobody(admin_client: Client) -> None:
    user = User.objects.create_user("olga", is_staff=True)

    refused = admin_client.post(f"/admin/auth/user/{user.pk}/delete/", {"post": "yes"})
    admin_client.post(
        "/admin/auth/user/", {"action": "delete_selected", "_selected_action": [user.pk], "post": "yes"}
    )

    assert refused.status_code == 403
    assert User.objects.filter(pk=user.pk).exists()
    assert admin_client.get(f"/admin/auth/user/{user.pk}/change/").status_code == 200
