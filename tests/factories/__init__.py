"""Rows for tests: real ones, made the way the product makes them where that is cheap."""
