from foundation.errors import ForFarError


class ExportDiffersError(ForFarError):
    code = "export_differs"
    message = "%(place)s has an export with other options (%(options)s). Use those, or another place."


class ExportRunsError(ForFarError):
    code = "export_runs"
    message = "Another export into %(place)s is running."


class ExportNeedsPackageError(ForFarError):
    code = "export_needs_package"
    message = "This needs pyarrow: run pip install -r requirements-export.txt."


class BadPlaceError(ForFarError):
    code = "bad_place"
    message = "%(place)s cannot be used: %(reason)s"
