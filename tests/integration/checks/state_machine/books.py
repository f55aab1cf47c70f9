"""What has to agree when a run is over: the model, the rows, the events, the history."""

from django.db import connection

from checks.domain.fold import fold
from checks.domain.projection import projection
from checks.integrity.stored_documents import inspect_documents
from checks.integrity.verification import verify
from checks.models import Check
from events.log.streams import read_streams
from events.models import Event
from tests.integration.checks.state_machine.model import Paper

# What the model keeps of an event beside its type.
DETAILS = {
    "downloaded": "attempt",
    "failed": "stage",
    "printed": "how",
    "render_attempt_failed": "attempt",
    "reprinted": "copy",
}


def the_books_agree(papers: list[Paper]) -> None:
    """Compare everything that is kept of these checks."""
    with connection.cursor() as cursor:  # what a commit would ask
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for paper in papers:
        _fold_row_and_history_agree(paper)
        assert _events_of(paper) == paper.events
    ids = [paper.id for paper in papers]
    assert [document for document in inspect_documents(ids) if document.problem] == []
    verified = list(verify(check_ids=ids)) if papers else []
    assert [difference for each in verified for difference in each.differences] == []
    assert sum(each.checks for each in verified) == len(papers)
    assert sum(each.events for each in verified) == sum(len(paper.events) for paper in papers)


def _fold_row_and_history_agree(paper: Paper) -> None:
    state = fold(read_streams([paper.id])[paper.id].events)
    assert state is not None
    columns = projection(state)
    assert Check.objects.values(*columns).get(pk=paper.id) == columns
    records = list(Check.history.filter(id=paper.id).order_by("version").values(*columns))
    assert [record["version"] for record in records] == list(range(1, len(paper.events) + 1))
    assert records[-1] == columns


def _events_of(paper: Paper) -> list[str]:
    events = Event.objects.filter(stream_id=paper.id).order_by("version").values_list("type", "data")
    return [f"{kind} {data[DETAILS[kind]]}" if kind in DETAILS else kind for kind, data in events]
