"""What keeps the house in order: set-up of a machine, upkeep of the catalogues. Not used when running."""
