#!/bin/sh
# `make setup` puts this beside python in .venv/bin; it works in every folder, and through a link.
self=$0
[ -L "$self" ] && self=$(readlink -f -- "$self")
bin=$(dirname -- "$self")
root=$(CDPATH='' cd -- "$bin/../.." && pwd)
PYTHONPATH="$root${PYTHONPATH:+:$PYTHONPATH}" exec "$bin/python" -P -m webapp.cli "$@"
