"""A wire between a client and a server that can be cut without either of them hearing of it."""
import selectors
import socket
import threading


class Proxy:
    def __init__(self, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.is_silent = False
        self.left = 0  # messages of the client until it is cut; 0: somebody sets is_silent
        self.is_closed = False
        self.open = []
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.is_closed = True
        for one in [self.listener] + self.open:
            one.close()

    def accept(self):
        while not self.is_closed:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            self.open += [client, server]
            threading.Thread(target=self.forward, args=(client, server), daemon=True).start()

    def forward(self, client, server):
        """What comes while the wire is cut is lost, as packets are that somebody drops."""
        with selectors.DefaultSelector() as waiting:
            waiting.register(client, selectors.EVENT_READ, server)
            waiting.register(server, selectors.EVENT_READ, client)
            while not self.is_closed:
                for key, _ in waiting.select(0.2):
                    try:
                        data = key.fileobj.recv(65536)
                        if data and key.fileobj is client and self.left > 0:
                            self.left -= 1
                            self.is_silent = self.left == 0
                        if data and not self.is_silent:
                            key.data.sendall(data)
                    except OSError:
                        data = b""
                    if not data and not self.is_silent:
                        client.close()
                        server.close()
                        return
                    if not data:
                        waiting.unregister(key.fileobj)
                if not waiting.get_map():
                    return
