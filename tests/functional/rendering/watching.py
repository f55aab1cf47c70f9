"""Seeing what a renderer reaches for: a listening socket, and strace."""

import re
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from checks.rendering.engine.isolation import OFF
from checks.rendering.engine.local import LocalRenderer

_OPENED = re.compile(r'\b(?:open|openat|openat2|execve|creat)\((?:AT_FDCWD, )?"([^"]*)"')
_REACHED = re.compile(r"sin6?_port=htons\(\d+\)[^}]*")


@dataclass
class Listener:
    """A server on loopback that hangs up on everybody; `visits` says how many came."""

    port: int
    visits: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen until the end of the block; whoever connected before then has been counted."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        listener = Listener(server.getsockname()[1])
        thread = threading.Thread(target=_count, args=(server, listener), daemon=True)
        thread.start()
        try:
            yield listener
        finally:
            with socket.create_connection(server.getsockname()) as goodbye:
                goodbye.sendall(b"!")
            thread.join()


def _count(server: socket.socket, listener: Listener) -> None:
    while True:
        connection, _ = server.accept()
        with connection:
            if connection.recv(1) == b"!":
                return
            listener.visits += 1


@dataclass
class Traces:
    """What a traced renderer did: the files that it opened, whether they were there or not, and addresses."""

    opened: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)


def can_trace() -> bool:
    """Tell whether strace is here and may do its work."""
    if shutil.which("strace") is None:
        return False
    return subprocess.run(["strace", "-qq", "-o", "/dev/null", "true"], check=False).returncode == 0


def trace(html: str, folder: Path) -> tuple[bytes, Traces]:
    """Render under strace; give the PDF and what was opened and reached meanwhile."""
    log, binary = folder / "trace", folder / "wkhtmltopdf"
    binary.write_text(f'#!/bin/sh\nexec strace -f -qq -e trace=%file,%network -o {log} wkhtmltopdf "$@"\n')
    binary.chmod(0o755)
    with closing(LocalRenderer(str(binary), 60.0, sandbox=OFF)) as renderer:
        content = renderer.render(html)
        _let_end(renderer)
    said = log.read_text(errors="replace")
    return content, Traces({_place(path) for path in _OPENED.findall(said)}, {*_REACHED.findall(said)})


def _let_end(renderer: LocalRenderer) -> None:
    """Let the process end by itself, so that strace has written all."""
    assert renderer._process is not None
    process = renderer._process._process
    assert process.stdin is not None
    process.stdin.close()
    process.wait(30)


def _place(path: str) -> str:
    """Name a file regardless of the renderer's folder, which is another each time, and of the fonts."""
    path = re.sub(r".*/forfar-render-[^/]+", "<folder>", path)
    return "<fonts>" if "/fonts/" in path or "/fontconfig/" in path else path
