"""Addresses to places: asked of a geocoder by the worker, checked by a person before it counts."""
