"""How Gunicorn serves `wsgi:app`; it finds this file in the folder that it is started in."""

from webapp.serving.workers import keep_to_one

worker_class = "webapp.serving.workers.WaitressWorker"
control_socket_disable = True  # it would need a home
nworkers_changed = keep_to_one
