"""What a request costs at the API's edge, beside a bare JSON endpoint, and how quick live sockets are."""

from bench.edge.report import measure_edge

__all__ = ["measure_edge"]
