"""Downloads from a server on this machine: whole files arrive, and nothing else is kept."""

import hashlib
import http.server
import socket
import threading

import pytest

from convlet.datasets.download import Download, DownloadError, download

CONTENT = bytes(range(256)) * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/missing":
            self.send_error(404)
            return
        self.send_response(200)
        if self.path != "/unknown-length":
            self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[:1000] if self.path == "/short" else CONTENT)

    def log_message(self, *arguments):
        """Keeps the test's output free of requests."""


@pytest.fixture(scope="module")
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["whole", "unknown-length"])
@pytest.mark.parametrize("algorithm", ["sha256", "md5"])
def test_a_whole_file_arrives(server, tmp_path, capsys, name, algorithm):
    checksum = hashlib.new(algorithm, CONTENT).hexdigest()
    source = Download(f"{server}/{name}", "folder/file.bin", algorithm, checksum)
    path = download(source, tmp_path)
    assert path == tmp_path / "folder" / "file.bin"
    assert path.read_bytes() == CONTENT
    assert files_in(tmp_path) == [path]
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"Downloading {server}/{name}\n")


@pytest.mark.parametrize(
    ("name", "checksum", "reason"),
    [
        ("missing", SHA256, "the server answered 404 Not Found"),
        ("short", SHA256, "the connection ended after 1,000 of 256,000 bytes"),
        (
            "whole",
            "0" * 64,
            "what the server sent is not the published file: its sha256 is "
            f"{SHA256}, the published one {'0' * 64}",
        ),
    ],
)
def test_nothing_is_kept_of_a_failed_download(server, tmp_path, name, checksum, reason):
    (tmp_path / "file.bin").write_bytes(b"what was there before")
    source = Download(f"{server}/{name}", "file.bin", "sha256", checksum)
    with pytest.raises(DownloadError) as caught:
        download(source, tmp_path)
    assert str(caught.value) == reason
    assert files_in(tmp_path) == [tmp_path / "file.bin"]
    assert (tmp_path / "file.bin").read_bytes() == b"what was there before"


def test_a_refused_connection(tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(DownloadError, match="Connection refused"):
        download(Download(f"http://127.0.0.1:{port}/x", "x", "sha256", SHA256), tmp_path)
    assert files_in(tmp_path) == []


def test_a_folder_that_cannot_be_made(server, tmp_path):
    (tmp_path / "folder").write_text("a file, not a folder")
    with pytest.raises(DownloadError, match="folder"):
        download(Download(f"{server}/whole", "folder/x", "sha256", SHA256), tmp_path)


def test_an_interrupted_download_leaves_nothing(server, tmp_path, monkeypatch):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("convlet.datasets.download._fetch", interrupt)
    with pytest.raises(KeyboardInterrupt):
        download(Download(f"{server}/whole", "x", "sha256", SHA256), tmp_path)
    assert files_in(tmp_path) == []


def test_a_terminal_sees_a_progress_bar(server, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich then takes any stream for a terminal
    monkeypatch.setenv("TERM", "xterm")
    download(Download(f"{server}/whole", "mnist.npz", "sha256", SHA256), tmp_path)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Downloading whole" in captured.err
