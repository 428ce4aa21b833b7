"""Threading models: 1:1, N:1 and M:N, simulated, and what it takes to really run them."""
