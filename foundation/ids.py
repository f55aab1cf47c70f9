"""Ids as text."""

MAX_BIGINT = 2**63 - 1  # what a bigint column of PostgreSQL holds
