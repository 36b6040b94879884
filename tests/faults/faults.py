"""The table of all faults."""

from tests.faults import process_faults, provider_faults, server_faults
from tests.faults.kinds import Fault

FAULTS: tuple[Fault, ...] = (*process_faults.FAULTS, *server_faults.FAULTS, *provider_faults.FAULTS)
