"""Data that can be trusted: what looks odd is asked about, what is said is checked at the door."""
