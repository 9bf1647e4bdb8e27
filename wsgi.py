"""Entry point of gunicorn and of `flask --app wsgi`."""

from webapp.app import create_app

app = create_app()
