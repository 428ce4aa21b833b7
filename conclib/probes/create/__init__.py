"""Making processes and threads: what each way costs, and what it does."""
