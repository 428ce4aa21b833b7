"""Questions: choices, quizzes, exercises with their checks, and the race before all of them."""
