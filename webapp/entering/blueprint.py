"""The one blueprint of the forms; the modules beside this one register on it."""

from flask import Blueprint

bp = Blueprint("entering", __name__)
