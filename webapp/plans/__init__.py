"""What is to be done in a year, by whom, and when it will be."""
