"""The one blueprint of the programme's pages; the modules beside this one register on it."""

from flask import Blueprint

bp = Blueprint("programme", __name__)
