"""One worker for each core. Which worker class is faster was measured; see README.md."""

import gc
import os

wsgi_app = "orders_api.wsgi:application"
bind = os.environ.get("BENCH_BIND", "127.0.0.1:8081")
workers = int(os.environ.get("BENCH_WORKERS", "1"))
worker_class = os.environ.get("BENCH_WORKER", "sync")
threads = int(os.environ.get("BENCH_THREADS", "1"))
keepalive = 75
worker_tmp_dir = "/dev/shm"
accesslog = None
errorlog = "-"
loglevel = "warning"
backlog = 2048


def post_worker_init(worker):
    """What is loaded stays: the collector need not look at it again, and seldom at the rest."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
