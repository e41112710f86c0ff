"""nginx, which sends a file that holds the very bytes of Portico's answer: the ceiling."""

import os
import pwd

from harness import compare

CONFIGURATION = """
daemon off;
{user}
pid {directory}/nginx.pid;
error_log {directory}/error.log;
worker_processes {cores};
events {{ worker_connections 256; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000000;
  open_file_cache max=16;
  open_file_cache_valid 1h;
  default_type "application/json; charset=utf-8";
  client_body_temp_path {directory}/client;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {directory};
    location = /orders {{ try_files /page =404; }}
    location /orders/ {{ try_files /one =404; }}
  }}
}}
"""


def write_files(directory, portico, data):
    directory.mkdir(exist_ok=True)
    accept = "application/vnd.aplazame.v4+json"
    for name, path in (("page", "/orders"), ("one", f"/orders/{data.ids[len(data.ids) // 2]}")):
        status, body = compare.fetch(portico, path, accept)
        if status != 200:
            raise compare.CompareError(f"{path}: {portico.name} answers {status}: {body[:300]!r}")
        (directory / name).write_bytes(body)


def command(directory, port, cores):
    user = f"user {pwd.getpwuid(0).pw_name};" if os.geteuid() == 0 else ""
    configuration = directory / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(directory=directory, port=port, cores=cores, user=user), encoding="utf-8")
    return ["/usr/sbin/nginx", "-p", str(directory), "-e", str(directory / "error.log"), "-c", str(configuration)]
