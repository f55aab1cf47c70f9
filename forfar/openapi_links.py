"""Links in the generated contract: which call takes what another one answers.

drf-spectacular cannot describe links, so they are added to its result.
"""

from typing import Any

_ITS_CHECK = {"check_id": "$response.body#/checks/0/id"}
_THE_SAME_CHECK = {"check_id": "$request.query.check_id"}

# The link's name: the call and status that it starts from, the call that it leads to, and its parameters.
LINKS = {
    "ProgressOfTheOrder": ("create_checks", "200", "order_checks", {"order_id": "$request.body#/id"}),
    "DownloadOfTheFirst": ("new_checks", "200", "check", _ITS_CHECK),
    "ConfirmationOfTheDownload": ("check", "200", "check_printed", _THE_SAME_CHECK),
    "FailureOfTheDownload": ("check", "200", "check_failed", _THE_SAME_CHECK),
}


def add_links(result: dict[str, Any], **_arguments: Any) -> dict[str, Any]:
    """Add the links to the contract."""
    calls = {call["operationId"]: call for path in result["paths"].values() for call in path.values()}
    for name, (source, status, target, parameters) in LINKS.items():
        links = calls[source]["responses"][status].setdefault("links", {})
        links[name] = {"operationId": target, "parameters": dict(parameters)}
    return result
