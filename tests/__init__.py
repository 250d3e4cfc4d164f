"""Tests, room by room; ``support`` holds what they share."""
