"""What a community's alerts add up to: figures, groups, people, months (design 5.9)."""
