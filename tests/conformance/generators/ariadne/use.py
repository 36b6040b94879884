"""Uses the generated client against the server at the address given, and prints what it was answered."""

import asyncio
import json
import sys

from mailing_client import Client, CreateClientInput


async def main(address: str) -> None:
    async with Client(url=f"http://{address}/graphql") as client:
        created = await client.create_client(CreateClientInput(phone="79161234567", timezone="UTC"))
        counted = await client.count_clients()
    answers = created.model_dump(by_alias=True), counted.model_dump(by_alias=True)
    print(json.dumps(answers))


asyncio.run(main(sys.argv[1]))
