"""The database: connection, transactions, migrations. PostgreSQL only."""
