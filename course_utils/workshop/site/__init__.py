"""The course as a website: chapters to read, and to run in the browser."""
