"""The pages of networks: an address is read as a view, `queries.network` answers it with a scene,
and the scene is drawn, listed and said.

address -> view -> scene -> picture -> page | JSON | file | command
"""
