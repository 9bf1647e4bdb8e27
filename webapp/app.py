"""Puts the product together: settings, database, blueprints, listeners, the closed door."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from webapp import cli, pwa, wiring
from webapp.accounts import access, installation, people
from webapp.accounts import api as accounts_api
from webapp.accounts import commands as accounts_commands
from webapp.accounts import pages as accounts_pages
from webapp.alerts import api as alerts_api
from webapp.alerts import commands as alerts_commands
from webapp.alerts import formats as alerts_formats
from webapp.alerts import handover_pages
from webapp.alerts import settings_page as alert_settings_page
from webapp.alerts.desk import routes as alerts_desk
from webapp.alerts.intake import api as alert_posts
from webapp.alerts.intake import import_pages as alert_import
from webapp.alerts.intake import pages as alert_intake
from webapp.alerts.robots import pages as robots_pages
from webapp.alerts.statistics import pages as alert_report
from webapp.core import assets, compress, db, http, i18n, structures
from webapp.core.settings import Settings, from_environment
from webapp.coverage import api as coverage_api
from webapp.coverage import commands as coverage_commands
from webapp.coverage import export as coverage_export
from webapp.coverage import formats, map_pages, paper_pages, region_pages
from webapp.coverage import pages as coverage_pages
from webapp.coverage.turf import pages as turf_pages
from webapp.demo import commands as demo_commands
from webapp.leaflets import commands as leaflet_commands
from webapp.leaflets import pages as leaflet_pages
from webapp.operations import routes as operations_routes
from webapp.places import (
    assign_command,
    building_routes,
    import_routes,
    location_routes,
    map_api,
    merge_routes,
)
from webapp.places import commands as places_commands
from webapp.places.geocoding import commands as geocoding_commands
from webapp.places.geocoding import pages as geocoding_pages
from webapp.plans import pages as plan_pages
from webapp.playbook import inbox_routes, print_routes
from webapp.playbook import routes as playbook_routes
from webapp.quality import pages as quality_pages
from webapp.reports import pages as report_pages
from webapp.sessions import pages as session_pages
from webapp.sync import routes as sync_routes
from webapp.trust import api as trust_api
from webapp.trust import pages as trust_pages
from webapp.trust import posters as trust_posters
from webapp.trust import resident as trust_resident
from webapp.trust import verify as trust_verify
from webapp.visits import commands as visits_commands
from webapp.visits import past_pages

ROOT = Path(__file__).parents[1]


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application; reads the environment when no settings are given."""
    settings = settings or from_environment()
    app = Flask(
        "webapp",
        root_path=str(ROOT / "webapp"),
        static_folder=str(ROOT / "static" / "dist"),
        static_url_path="/static",
        template_folder=str(ROOT / "templates"),
        instance_path=str(settings.instance),
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.testing,
        MAX_CONTENT_LENGTH=32 * 1024 * 1024,
        SESSION_COOKIE_NAME="qm_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # core/http.py compares Origin itself, also behind a proxy
        **settings.extra,
    )
    app.extensions["qiaomen.settings"] = settings
    app.extensions[db.EXTENSION] = db.Database(settings.database_url)
    i18n.init_app(app)
    assets.init_app(app)
    http.init_app(app, settings)
    access.init_app(app)
    http.csrf.init_app(app)  # after the door, so that who is not signed in hears that first
    compress.init_app(app)
    wiring.wire()
    app.register_blueprint(accounts_api.bp)
    app.register_blueprint(accounts_pages.bp)
    app.register_blueprint(people.bp)
    app.register_blueprint(installation.bp)
    places_commands.import_.add_command(visits_commands.visits)
    for command in (*accounts_commands.COMMANDS, *places_commands.COMMANDS):
        app.cli.add_command(command)
    app.register_blueprint(operations_routes.bp)
    app.register_blueprint(import_routes.bp)
    app.register_blueprint(past_pages.bp)
    app.register_blueprint(sync_routes.bp)
    app.register_blueprint(alerts_api.bp)
    app.register_blueprint(alert_settings_page.bp)
    app.register_blueprint(handover_pages.bp)
    app.register_blueprint(pwa.bp)
    app.register_blueprint(building_routes.bp)
    app.register_blueprint(merge_routes.bp)
    for playbook in (playbook_routes, inbox_routes, print_routes):
        app.register_blueprint(playbook.bp)
    app.register_blueprint(location_routes.bp)
    app.register_blueprint(geocoding_pages.bp)
    app.register_blueprint(map_api.bp)
    app.register_blueprint(coverage_pages.bp)
    app.register_blueprint(map_pages.bp)
    app.register_blueprint(region_pages.bp)
    app.register_blueprint(coverage_export.bp)
    app.register_blueprint(paper_pages.bp)
    app.register_blueprint(turf_pages.bp)
    app.register_blueprint(report_pages.bp)
    app.register_blueprint(session_pages.bp)
    app.register_blueprint(plan_pages.bp)
    app.register_blueprint(leaflet_pages.bp)
    app.register_blueprint(quality_pages.bp)
    app.register_blueprint(coverage_api.bp)
    app.register_blueprint(trust_api.bp)
    app.register_blueprint(trust_verify.bp)
    app.register_blueprint(alert_report.bp)
    app.register_blueprint(trust_pages.bp)
    app.register_blueprint(trust_posters.bp)
    app.register_blueprint(trust_resident.bp)
    app.register_blueprint(alerts_desk.bp)
    for intake in (alert_posts, alert_import, alert_intake):
        app.register_blueprint(intake.bp)
    app.register_blueprint(robots_pages.bp)
    app.jinja_env.globals["open_alerts"] = alerts_desk.count_open
    formats.init_app(app)
    alerts_formats.init_app(app)
    cli.init_app(app)
    for command in (
        *assign_command.COMMANDS,
        *geocoding_commands.COMMANDS,
        *coverage_commands.COMMANDS,
        *alerts_commands.COMMANDS,
        *leaflet_commands.COMMANDS,
    ):
        app.cli.add_command(command)
    for command in demo_commands.COMMANDS:
        app.cli.add_command(command)
    structures.prepare()
    return app
