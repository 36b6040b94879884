from pathlib import Path

from graphql import GraphQLSchema, build_schema, find_breaking_changes
from graphql.type import is_enum_type, is_input_object_type, is_interface_type, is_object_type

from gql_api.schema import export_sdl

ROOT = Path(__file__).parents[2]


def test_the_committed_schema_is_the_exported_one() -> None:
    assert (ROOT / "schema.graphql").read_text() == export_sdl(), "run `make schema`"


def test_the_schema_keeps_the_public_contract() -> None:
    contract = build_schema((Path(__file__).parent / "contract.graphql").read_text())

    changes = find_breaking_changes(contract, build_schema(export_sdl()))

    assert changes == []


def test_every_part_of_the_schema_is_described() -> None:
    schema = build_schema(export_sdl())

    assert sorted(_undescribed(schema)) == []


def _undescribed(schema: GraphQLSchema) -> list[str]:
    missing = []
    for name, type_ in schema.type_map.items():
        if name.startswith("__") or name in {"Int", "Float", "String", "Boolean", "ID"}:
            continue
        parts = {name: type_}
        if is_object_type(type_) or is_interface_type(type_) or is_input_object_type(type_):
            for field_name, field in type_.fields.items():
                parts[f"{name}.{field_name}"] = field
                for argument_name, argument in getattr(field, "args", {}).items():
                    parts[f"{name}.{field_name}({argument_name})"] = argument
        if is_enum_type(type_):
            parts |= {f"{name}.{value}": described for value, described in type_.values.items()}
        missing += [part for part, described in parts.items() if not described.description]
    return missing
