"""Who walks where: the order of buildings, and their split among volunteers."""
