"""What a measurement says: about a prediction, a pick, a claim, another measurement."""
