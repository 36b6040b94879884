"""One large mailing, and everything that has to go on working beside it."""

from bench.million.report import measure_large

__all__ = ["measure_large"]
