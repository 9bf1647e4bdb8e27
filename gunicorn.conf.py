"""How gunicorn serves: two processes of eight threads, so that a slow request holds up nobody."""

import os

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
