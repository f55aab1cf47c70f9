"""The log for programs: docs/api.md, "Reading the log"."""

from itertools import chain

from django.http import HttpResponseBase, StreamingHttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.views import APIView

from events.api import openapi
from events.api.authentication import MayReadEvents, ReaderAuthentication
from events.api.parameters import read_question
from events.feed.cursor import cursor_of
from events.feed.pieces import pieces

NEXT = "X-Feed-Next"


class EventsView(APIView):
    authentication_classes = (ReaderAuthentication, SessionAuthentication)
    permission_classes = (MayReadEvents,)
    http_method_names = ("get", "options")

    @extend_schema(
        operation_id="events",
        tags=openapi.READERS,
        parameters=openapi.PARAMETERS,
        responses=openapi.ANSWERS,
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Return settled events after a cursor, in the order of the feed."""
        asked = read_question(request._request)
        found = pieces(after=asked.after, limit=asked.limit, narrow=asked.narrow, at_once=asked.at_once)
        # Read before the answer begins, so that a failure here is still answered with an error status.
        first = next(found)
        while not first.rows and (following := next(found, None)):
            first = following
        headers = {"Cache-Control": "no-store"}
        if not first.rows:
            headers[NEXT] = cursor_of(first.end)
        return StreamingHttpResponse(
            asked.format.write(chain([first], found)),
            content_type=asked.format.content_type,
            headers=headers,
        )
