"""How gunicorn serves: two processes of eight threads, so that a slow request holds up nobody."""

import gc
import os
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT') or '8000'}"
workers = 2
worker_class = "gthread"
threads = 8
timeout = 120
graceful_timeout = 10
keepalive = 30
# Whether X-Forwarded-For is believed is the application's to say (TRUSTED_PROXIES).
forwarded_allow_ips = ""
# A heartbeat file on a slow disk would let healthy workers be killed.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108
loglevel = "warning"
control_socket_disable = True


def post_worker_init(worker: Any) -> None:  # gunicorn calls it so
    """What the application is made of stays: without this every full collection looks through it
    again, 100 ms while a phone waits."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
