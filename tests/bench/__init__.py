"""`make bench`: the speeds that the docs promise, measured on this machine."""
