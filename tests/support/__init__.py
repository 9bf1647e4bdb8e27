"""What the fixtures stand on; no tests here."""
