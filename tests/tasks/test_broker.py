"""The queue: set up so that what it may lose does no harm."""

from redis import Redis as BlockingRedis

from mailing.embedded.valkey import ValkeyServer
from tasks.broker import make_broker


def test_a_command_whose_reply_was_lost_is_not_sent_again(valkey: ValkeyServer) -> None:
    # When
    broker = make_broker(valkey.url)

    # Then
    client: BlockingRedis = broker.client
    options = client.connection_pool.connection_kwargs
    assert options["retry"].get_retries() == 0
    assert (options["socket_timeout"], options["socket_connect_timeout"]) == (5, 2)
    broker.close()


def test_messages_of_dead_workers_are_looked_for_often(valkey: ValkeyServer) -> None:
    # When
    broker = make_broker(valkey.url)

    # Then it is one command in ten, for the chance is out of a million
    assert broker.maintenance_chance == 100_000
    assert broker.get_declared_queues() == {"mailing", "sending"}
    assert broker.get_declared_delay_queues() == {"mailing.DQ", "sending.DQ"}
    broker.close()


def test_it_has_no_middleware_but_what_it_is_given(valkey: ValkeyServer) -> None:
    broker = make_broker(valkey.url)
    assert broker.middleware == []
    broker.close()
