"""Answers that all parts of the API give.

Help texts and labels appear in api.yml, which is in English, so they are not translated.
"""

from rest_framework import serializers


class DoneSerializer(serializers.Serializer[dict[str, str]]):
    ok = serializers.CharField()


class RefusalSerializer(serializers.Serializer[dict[str, object]]):
    """A refusal. It has `details` when single fields are at fault."""

    error = serializers.CharField(help_text="One sentence for a person, in Russian or English.")
    code = serializers.CharField(required=False, help_text="Stable, for programs.")
    details = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Messages by field.",
    )
