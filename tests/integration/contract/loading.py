"""The contract for schemathesis, and the application that has to keep it."""

from contextlib import closing
from pathlib import Path
from typing import Any

import schemathesis
from django.conf import settings
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import BaseSchema

from tests.integration.contract.seeds import KEY

FILE = Path(settings.BASE_DIR) / "api.yml"  # another test sees to it that it is what the service serves
CONFIG: dict[str, Any] = {
    "auth": {"openapi": {"ApiKeyHeader": {"api_key": f"Api-Key {KEY}"}}},
    # A text with NUL is refused; JSON Schema has no good way to say so.
    "generation": {"allow-x00": False},
}


def load_contract() -> BaseSchema:
    """Load api.yml for the application in this process."""
    contract = schemathesis.openapi.from_path(FILE, config=SchemathesisConfig.from_dict(CONFIG))
    contract.app = _served
    return contract


def _served(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer as the application does; its import makes Django's settings final, and has to wait for that."""
    from forfar.wsgi import application

    with closing(application(environ, start_response)) as body:
        return [b"".join(body)]
