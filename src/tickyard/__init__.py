"""A complete crypto exchange that anyone can run."""
