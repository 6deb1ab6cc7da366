"""A connection that can be cut: it passes on what comes to a port, until it passes on nothing."""

import socket
import threading


class Cable:
    """Passes on what comes to `address` to a scheduler and back.

    Attributes:
        address: for a worker to be told in place of the scheduler's.
    """

    def __init__(self, scheduler: str) -> None:
        host, port = scheduler.removeprefix("tcp://").split(":")
        self._to = (host, int(port))
        self._cut = False
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Pass nothing on any more; no side is told, as when a switch fails."""
        self._cut = True

    def close(self) -> None:
        """Take no further connections."""
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                here, _ = self._server.accept()
                there = socket.create_connection(self._to)
            except OSError:
                return
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        try:
            while content := one.recv(65536):
                if not self._cut:
                    other.sendall(content)
            if not self._cut:
                other.shutdown(socket.SHUT_WR)
        except OSError:  # the other side is gone
            pass
