"""Networks: an address is a view, a view is a scene of the graph, a scene is drawn and listed.

view -> scene -> picture -> page | JSON | file | command
"""
