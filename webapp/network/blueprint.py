"""The blueprint of the network pages."""

from flask import Blueprint

bp = Blueprint("network", __name__)
