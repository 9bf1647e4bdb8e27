"""Group robots and mailboxes that are told of alerts: number, level and deadline, no person."""
