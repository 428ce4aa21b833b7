"""Commands of ``conclib`` that have a module of their own: their options, and what runs them."""
