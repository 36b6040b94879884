"""`mailing schema`."""


def command() -> None:
    """Print the GraphQL schema."""
    from gql_api.schema import export_sdl

    print(export_sdl(), end="")
