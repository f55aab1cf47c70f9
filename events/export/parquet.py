"""Turns CSV rows into Parquet. pyarrow reads some megabytes at a time."""

import io
from typing import Any

from events.export.errors import ExportNeedsPackageError
from events.export.files import CountedOutput
from events.export.rows import NAMES


def require_pyarrow() -> None:
    """Raise ExportNeedsPackageError if pyarrow is missing."""
    try:
        import pyarrow  # noqa: F401
    except ImportError as error:
        raise ExportNeedsPackageError from error


class ParquetEncoder:
    def __init__(self, output: CountedOutput) -> None:
        from pyarrow import PythonFile
        from pyarrow.parquet import ParquetWriter

        self._types = _types()
        self._writer = ParquetWriter(
            PythonFile(output, mode="w"), schema=_schema(self._types), compression="zstd"
        )

    def add(self, rows: bytes) -> None:
        from pyarrow import csv

        table = csv.read_csv(
            io.BytesIO(rows),
            csv.ReadOptions(column_names=NAMES, use_threads=False),
            csv.ParseOptions(newlines_in_values=True),
            csv.ConvertOptions(column_types=self._types, strings_can_be_null=False),
        )
        self._writer.write_table(table)

    def end(self) -> None:
        self._writer.close()


def _types() -> dict[str, Any]:
    import pyarrow as pa

    moment = pa.timestamp("us", tz="UTC")
    numbers = {"tx_id": pa.int64(), "id": pa.int64(), "check_id": pa.int64(), "version": pa.int32()}
    numbers["schema_version"] = pa.int16()
    known = {**numbers, "occurred_at": moment, "recorded_at": moment}
    return {name: known.get(name, pa.string()) for name in NAMES}


def _schema(types: dict[str, Any]) -> Any:
    import pyarrow as pa

    return pa.schema(list(types.items()))
