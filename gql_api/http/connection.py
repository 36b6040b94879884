"""The server's end of an HTTP connection, for uvicorn."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gql_api.http.stalled import DropsStalled


class HttpProtocol(DropsStalled, HttpToolsProtocol):
    """Does not wait for subscriptions when the process stops: they have no end of their own.

    The connection breaks off, which tells the client to come again; a proper end would say that all has been told.
    """

    def shutdown(self) -> None:
        super().shutdown()
        cycle = self.cycle
        if cycle is not None and cycle.chunked_encoding and not cycle.response_complete:
            self.transport.abort()
