"""The one blueprint of the pages about careers; the modules beside this one register on it."""

from flask import Blueprint

bp = Blueprint("careers", __name__)
