"""The terminal's commands: the same workflow as the pages, with exit codes and JSON."""
