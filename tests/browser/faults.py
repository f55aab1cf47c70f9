"""What goes wrong in a browser without anybody seeing it."""

from playwright.sync_api import ConsoleMessage, Error, Page, Response


class Faults:
    """Collects errors of scripts, violations of the Content-Security-Policy, and refused requests."""

    def __init__(self, page: Page) -> None:
        self.found: list[str] = []
        self._expected: set[int] = set()
        page.on("console", self._console)
        page.on("pageerror", self._script)
        page.on("response", self._response)

    def expect(self, status: int) -> None:
        """Take no offence at answers with this status."""
        self._expected.add(status)

    def require_none(self) -> None:
        assert not self.found, self.found

    def _script(self, error: Error) -> None:
        self.found.append(str(error))

    def _console(self, message: ConsoleMessage) -> None:
        is_told_by_response = message.text.startswith("Failed to load resource")
        if message.type == "error" and not is_told_by_response:
            self.found.append(f"{message.location.get('url')}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.found.append(f"{response.status} {response.url}")
