"""The queue: set up so that what it may lose does no harm."""

from redis import Redis as BlockingRedis

from mailing.embedded.valkey import ValkeyServer
from tasks.broker import make_broker
from tests.embedded.processes import eventually


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


def test_a_broker_that_is_closed_has_no_connection_any_more(valkey: ValkeyServer) -> None:
    # Given one that has sent something
    broker = make_broker(valkey.url)
    broker.client.client_setname("of-the-broker")
    with BlockingRedis.from_url(valkey.url) as outside:
        assert _names(outside).count("of-the-broker") == 1

        # When
        broker.close()

        # Then
        assert eventually(lambda: "of-the-broker" not in _names(outside))


def _names(redis: BlockingRedis) -> list[str]:
    return [client["name"] for client in redis.client_list()]
