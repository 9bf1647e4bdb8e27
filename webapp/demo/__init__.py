"""The demo community: invented people, plausible doors, three weeks of real operations."""
