"""Refusals of the use cases. Each says in words what was refused and what would be accepted."""

from collections.abc import Sequence

from locales import Message


class Refused(Exception):
    """The use case did nothing; ``messages`` say why."""

    def __init__(self, *messages: Message) -> None:
        super().__init__("; ".join(message.msgid for message in messages))
        self.messages: Sequence[Message] = messages


class Conflicting(Refused):
    """A newer version was saved elsewhere; nothing was overwritten."""
