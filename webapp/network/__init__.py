"""The pages of networks: an address is read as a view, `queries.network` answers it with a scene,
and the scene is drawn, listed and said.

address -> view -> scene -> picture -> page | JSON | file | command
"""

from webapp.network import connection, files, lineage, pages, saved
from webapp.network.blueprint import bp

__all__ = ["bp", "connection", "files", "lineage", "pages", "saved"]
