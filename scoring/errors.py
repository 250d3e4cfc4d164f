"""The one error of this room: it says what was refused, where, the value, and what is accepted."""

from locales import Message, render


class ScoringError(ValueError):
    """Reviews, weights or a tie rule that cannot be scored; ``message`` is the sentence for the reader."""

    def __init__(self, message: Message) -> None:
        super().__init__(render(message, "en"))
        self.message = message
