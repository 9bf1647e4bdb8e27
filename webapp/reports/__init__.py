"""Reports of walking: a day, a week, a month or any days, per building, grid or person."""
