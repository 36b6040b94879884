"""How the channel to the provider stands, for those who only look at it: the one door to it from outside the engine."""

from mailing.delivery.channel_queries import ChannelStanding, read_channel

__all__ = ["ChannelStanding", "read_channel"]
