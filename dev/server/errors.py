"""What may go wrong here is told to a person in one sentence."""


class DevServerError(Exception):
    """Ends the command with its text and a non-zero exit code."""
