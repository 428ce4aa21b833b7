"""Questions: choices, quizzes, exercises, practice without an end, and the race before them."""
