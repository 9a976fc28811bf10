"""`python -m tickyard.node` is the command line; the supervisor starts its children this way."""

from tickyard.node.cli import main

main()
