"""Alerts: somebody is about to pay a scammer, and the community has an hour (design 5)."""
