"""For who writes and teaches the course; no other room knows of it."""
