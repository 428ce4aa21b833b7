"""Memory: where it lies, what writing to it costs, who shares it."""
