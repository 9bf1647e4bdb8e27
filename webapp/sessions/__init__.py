"""Training sessions: where many are told at once, with a bank, a school or the property manager."""
