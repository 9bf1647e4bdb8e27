"""Where the leaflets are: in stock, in somebody's bag, handed out, or not accounted for."""
