"""Predictions: what can be predicted, how it is kept and locked, how well it was judged."""
