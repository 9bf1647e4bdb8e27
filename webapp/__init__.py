"""Qiaomen 敲门: the field tool for people who go from door to door."""
