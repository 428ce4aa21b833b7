"""What is put on the page: pictures, stories, pages to read, and the bar while one waits."""
