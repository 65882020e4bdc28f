"""The servers that are measured: each one started on a free port, asked whether it is there, and stopped whatever happens."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process that serves HTTP on loopback, with its children; a context manager."""

    def __init__(self, command, port, log, ready):
        self.port = port
        self.log = log
        self.began = time.monotonic()
        with open(log, "wb") as output:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
        try:
            self.wait(ready)
        except BaseException:
            self.stop()
            raise
        self.started_after = time.monotonic() - self.began

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def get(self, path, headers={}):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def wait(self, path, seconds=120):
        while time.monotonic() < self.began + seconds:
            if self.process.poll() is not None:
                raise SystemExit(f"bench: {self.process.args[0]} ended early:\n{self.log.read_text()}")
            try:
                if self.get(path)[0].status == 200:
                    return
            except OSError:
                time.sleep(0.01)
        raise SystemExit(f"bench: {self.process.args[0]} did not answer within {seconds} s:\n{self.log.read_text()}")

    def stop(self):
        for signal_, seconds in ((signal.SIGTERM, 15), (signal.SIGKILL, 15)):
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal_)
                try:
                    self.process.wait(seconds)
                except subprocess.TimeoutExpired:
                    pass

    def processor_seconds(self):
        """Processor time of the whole process group so far."""
        tick = os.sysconf("SC_CLK_TCK")
        total = 0
        for entry in Path("/proc").iterdir():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split() if entry.name.isdigit() else None
            except OSError:
                continue
            if fields and int(fields[2]) == self.process.pid:
                total += int(fields[11]) + int(fields[12])
        return total / tick

    def resident_bytes(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


class Gosset(Server):
    def __init__(self, program, directory, *flags, token=None, ready="/readyz"):
        """With a token it is the administrator's."""
        directory.mkdir(parents=True, exist_ok=True)
        port = free_port()
        environment = ["env", f"GOSSET_ADMIN_TOKEN={token}"] if token else []
        command = [*environment, program, "serve", "--port", str(port), "--data", directory / "data", *flags]
        super().__init__(command, port, directory / "gosset.log", ready)

    def metric(self, name):
        text = self.get("/metrics")[1].decode()
        return next(float(line.split()[1]) for line in text.splitlines() if line.startswith(f"{name} "))


class Flask(Server):
    """A Flask application as gunicorn serves it, with a worker for each processor, or as `flask run` does, its own server."""

    def __init__(self, python, directory, folder, application, ready, variables={}, own=False):
        directory.mkdir(parents=True, exist_ok=True)
        port = free_port()
        environment = ["env", f"PYTHONPATH={folder}", *(f"{name}={value}" for name, value in variables.items())]
        if own:
            command = [python, "-m", "flask", "--app", application, "run", "--port", str(port)]
        else:
            command = [python, "-m", "gunicorn", "--workers", str(os.cpu_count()), "--bind", f"127.0.0.1:{port}", application]
        super().__init__([*environment, *command], port, directory / "flask.log", ready)


class Nginx(Server):
    """nginx that answers every request with the same bytes, out of memory, tuned for it."""

    def __init__(self, directory, headers, body):
        directory.mkdir(parents=True)
        port = free_port()
        fixed = "\n".join(f"                add_header {name} '{value}';" for name, value in headers.items() if name != "Content-Type")
        (directory / "nginx.conf").write_text(f"""
            {"user root;" if os.geteuid() == 0 else ""}
            daemon off;
            worker_processes {os.cpu_count()};
            pid {directory}/nginx.pid;
            error_log stderr error;
            events {{ worker_connections 1024; }}
            http {{
                access_log off;
                server_tokens off;
                keepalive_requests 1000000000;
                keepalive_timeout 300s;
                client_body_temp_path {directory};
                proxy_temp_path {directory};
                fastcgi_temp_path {directory};
                uwsgi_temp_path {directory};
                scgi_temp_path {directory};
                default_type '{headers["Content-Type"]}';
                server {{
                    listen 127.0.0.1:{port} reuseport;
{fixed}
                    location / {{ return 200 '{body}'; }}
                }}
            }}
            """)
        program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
        if not program:
            raise SystemExit("bench: nginx is missing; run scripts/bootstrap bench")
        super().__init__([program, "-e", "stderr", "-p", directory, "-c", directory / "nginx.conf"], port, directory / "nginx.log", "/")
