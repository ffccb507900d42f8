"""The one blueprint of the first page, search and what stands beside them."""

from flask import Blueprint

bp = Blueprint("home", __name__)
