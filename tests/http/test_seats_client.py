"""What senders of statements rely on while programs are killed."""

import socket
import threading

import pytest

from bench.seats.client import ask_engine


def test_an_answer_that_is_cut_is_told_as_a_broken_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        told = threading.Thread(target=tell_half, args=(server,))
        told.start()
        with pytest.raises(OSError, match="cut"):
            ask_engine(f"http://127.0.0.1:{server.getsockname()[1]}", "anything")
        told.join()


def tell_half(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(1000)
        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"took": 3')
