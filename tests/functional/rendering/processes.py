"""Watching the renderer's processes from outside."""

import time

import psutil


def is_gone(pid: int) -> bool:
    """Wait for the moment that the kernel takes between the signal and the end."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.005)
    return False
