"""The tables of people, change by change."""
