"""PostgreSQL and Valkey from their PyPI wheels, for a machine that has neither.

`PostgresServer` and `ValkeyServer` keep their data in a folder and die with the process that started them;
`DataDirectory` makes sure that one `mailing up` at a time uses a folder, and tells others where it listens.
Both servers listen on a Unix socket in a folder that only their own user may enter, never on the network.
"""
