class BenchmarkError(Exception):
    """Something is wrong with what is measured, so that figures would say nothing."""
