"""Two tasks change one number: every order of their steps, and what comes of leaving it to chance."""
