"""Answers that every part of the API gives.

Help texts and labels end up in api.yml, which is in English: they are not translated.
"""

from rest_framework import serializers


class DoneSerializer(serializers.Serializer[dict[str, str]]):
    ok = serializers.CharField()


class RefusalSerializer(serializers.Serializer[dict[str, object]]):
    """Every refusal has the one sentence; the rest is there where it says more."""

    error = serializers.CharField(help_text="One sentence for a person, in Russian or English.")
    code = serializers.CharField(required=False, help_text="Stable, for programs.")
    details = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Messages by field.",
    )
