"""Django's PostgreSQL backend with its floor lowered to 9.6 (docs/decisions/0002-postgresql-9.6.md)."""
