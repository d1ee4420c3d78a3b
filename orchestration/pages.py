"""The pages of the runs over HTTP: a browser opens no file of this machine from the Dagster UI, but it opens these.

Belongs here: serving data docs, model docs and published snapshots, to be read only. Does not: making pages
(expectations/, assets/marts), the Dagster UI itself. In an installation behind a proxy any web server may do this
(GONGKAI_PAGES_URL).
"""

from __future__ import annotations

import os
import time
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from assets.home import LOOPBACK, Home

POLICY = "Content-Security-Policy"
HEADERS = {
    POLICY: "default-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
# The page on the models is one script, which its own policy names; nobody's words but this project's are in it.
OF_MODEL_DOCS = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "frame-ancestors 'self'"
)


def pages_server(home: Home, port: int) -> ThreadingHTTPServer:
    """Return a server on loopback for the pages below `home`; its `serve_forever` serves them. Port 0 chooses one."""
    served = tuple(folder.relative_to(home.root).as_posix() for folder in (home.data_docs, home.published))
    return ThreadingHTTPServer((LOOPBACK, port), partial(_Pages, home, served))


def stop_after(server: ThreadingHTTPServer, process: int) -> None:
    """Shut the server down once `process`, by which this one was started, has ended."""

    def watch() -> None:
        while os.getppid() == process:
            time.sleep(1)
        server.shutdown()

    Thread(target=watch, daemon=True).start()


class _Pages(SimpleHTTPRequestHandler):
    def __init__(self, home: Home, served: tuple[str, ...], *args: Any) -> None:
        self._root, self._served = home.root, served
        self._model_docs = home.published_model_docs.resolve()
        super().__init__(*args, directory=str(home.root))

    def send_head(self) -> Any:
        """Refuse what is not below a served folder, wherever links or dots may lead."""
        path = Path(self.translate_path(self.path)).resolve()
        first = unquote(urlsplit(self.path).path).strip("/").split("/")[0]
        if first not in self._served or not path.is_relative_to((self._root / first).resolve()):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def end_headers(self) -> None:
        """Add what keeps a page to itself."""
        of_models = Path(self.translate_path(self.path)).resolve().is_relative_to(self._model_docs)
        for name, value in (HEADERS | ({POLICY: OF_MODEL_DOCS} if of_models else {})).items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the terminal is Dagster's."""
