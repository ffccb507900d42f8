"""The one blueprint of the planning pages and their JSON; the others here register on it."""

from flask import Blueprint

bp = Blueprint("planning", __name__)
