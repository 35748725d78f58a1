"""What people touch: the command line, the demo, the review."""
