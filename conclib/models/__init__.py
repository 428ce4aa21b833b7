"""Threading models: really run, simulated, and played as a game."""
