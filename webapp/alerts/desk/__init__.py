"""What coordinators see of alerts: the board, one alert, the queue of follow-ups."""
