"""wkhtmltopdf's options, the same for every way of calling it. None comes from input."""

MARGIN = "12mm"

# An empty value is a flag. Without the first option every document waits 200 ms, even without scripts.
OPTIONS: tuple[tuple[str, str], ...] = (
    ("javascript-delay", "0"),
    ("disable-javascript", ""),
    ("disable-local-file-access", ""),
    ("encoding", "utf-8"),
    ("page-size", "A4"),
    ("margin-top", MARGIN),
    ("margin-right", MARGIN),
    ("margin-bottom", MARGIN),
    ("margin-left", MARGIN),
)

ARGUMENTS: tuple[str, ...] = tuple(
    part for option, value in OPTIONS for part in (f"--{option}", value) if part
)
