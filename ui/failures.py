"""What a person sees when something went wrong that nobody foresaw: plain words, no traceback; the log has it."""

import logging

from ui import notices
from ui.texts import t

_LOG = logging.getLogger("avustuspaneeli")


def show_failure(error: Exception) -> bool:
    """Log the error and say so in the reader's language. True: Streamlit shows nothing of its own."""
    _LOG.error("unforeseen error in a page", exc_info=error)
    notices.error(
        t(
            "Something went wrong, and the page could not be shown. What was shown as saved is saved. Load the page again."
        ),
        icon=":material/error:",
    )
    return True
