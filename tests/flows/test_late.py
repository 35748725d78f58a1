"""Polls that a slow machine could not start in time are cancelled, not caught up with; nothing else is."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from flows.api import DEPLOYMENTS, PrefectApi

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


class Recorder(HTTPServer):
    """Answers as a Prefect server with one late run would, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, dict[str, object]]] = []


class _Handler(BaseHTTPRequestHandler):
    server: Recorder

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, body))
        answer = json.dumps([{"id": "late-1"}] if self.path.endswith("/filter") else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *said: object) -> None: ...


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    with Recorder() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def cancel(recorder: Recorder, *deployments: str) -> int:
    with PrefectApi(f"http://127.0.0.1:{recorder.server_port}/api", "dpo:secret") as api:
        return api.cancel_late(NOON, *deployments)


def test_only_late_runs_of_the_schedule_and_of_this_deployment_are_cancelled(recorder: Recorder) -> None:
    assert cancel(recorder, "intake") == 1
    (_, wanted), (path, state) = recorder.asked
    assert wanted["deployments"] == {"name": {"any_": ["intake"]}}
    runs = wanted["flow_runs"]
    assert isinstance(runs, dict)
    assert runs["tags"] == {"all_": ["auto-scheduled"]}
    assert runs["state"] == {"type": {"any_": ["SCHEDULED"]}}
    assert runs["expected_start_time"] == {"before_": NOON.isoformat()}
    assert path == "/api/flow_runs/late-1/set_state"
    assert state["state"] == {"type": "CANCELLED", "message": "late; the next one does its work"}


def test_at_the_start_every_late_run_of_ours_is_cancelled_and_no_other(recorder: Recorder) -> None:
    assert cancel(recorder) == 1
    assert recorder.asked[0][1]["deployments"] == {"name": {"any_": list(DEPLOYMENTS)}}
