"""A stand-in for the outside SMS provider: for the demonstration, for development and for tests.

It is a real HTTP/1.1 server with the provider's contract. It plays scenarios, set when it starts or changed while it
runs (`PUT /_scenario`), and keeps a ledger of every message that it accepted (`GET /_ledger`). It is made as cheap as
Python allows, so that a measurement measures the service and not its stand-in.
"""

from mailing.provider.fake.command import run
from mailing.provider.fake.ledger import Entry, Ledger
from mailing.provider.fake.scenario import Scenario, ScenarioError, scenario_from_json, scenario_to_json
from mailing.provider.fake.server import FakeProvider

__all__ = [
    "Entry",
    "FakeProvider",
    "Ledger",
    "Scenario",
    "ScenarioError",
    "run",
    "scenario_from_json",
    "scenario_to_json",
]
