"""All pages of this place: each module gives the blueprint its addresses."""

from webapp.network import connection, files, lineage, pages, saved, whole
from webapp.network.blueprint import bp

__all__ = ["bp", "connection", "files", "lineage", "pages", "saved", "whole"]
