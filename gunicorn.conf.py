"""How Gunicorn serves `wsgi:app`; it finds this file in the folder that it is started in."""

from webapp.workers import keep_to_one

worker_class = "webapp.workers.WaitressWorker"
control_socket_disable = True  # it would need a home
nworkers_changed = keep_to_one
