"""Prefect's HTTP API, as far as we use it. Plain requests: the command line and the demo speak to the engine without
paying for its imports, and approve through the very calls that the UI's button makes."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import httpx

PAGE = 200
DEPLOYMENTS = ("intake", "tidy", "report", "retain", "collect", "fulfil", "ask", "alarm")  # as flows.serve offers them
BUSY_PAUSES = (0.2, 0.5, 1, 2, 4, 8)  # seconds


class EngineUnavailable(Exception):
    """Prefect's API cannot be reached or refuses us. `code` is a short word; the settings say where it should be."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Prefect: {code}; check [prefect] in auskunft.toml and whether `auskunft up` runs")
        self.code = code


@dataclass(frozen=True, slots=True)
class EngineRun:
    """A flow run as the engine knows it. `keyset` names the three inputs of a suspended run's form; `since`: when it
    came into its state, where the engine says so."""

    id: str
    name: str
    state: str
    deployment: str
    keyset: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """A run to be started. The same `key` never starts twice."""

    deployment: str
    name: str
    key: str
    parameters: Mapping[str, str]
    tags: tuple[str, ...] = ()


class PrefectApi:
    """A client of one Prefect server. Every call raises `EngineUnavailable` where it cannot be answered."""

    def __init__(self, url: str, auth: str, timeout: float = 60) -> None:
        user, _, password = auth.partition(":")
        self._client = httpx.Client(base_url=url, auth=(user, password), timeout=timeout, trust_env=False)
        self._deployments: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def healthy(self) -> bool:
        try:
            return self._client.get("/health").status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def start(self, start: Start) -> str:
        """Starts a run of a deployment, or finds the one started before under the same key; returns its id."""
        body = {
            "name": start.name,
            "parameters": dict(start.parameters),
            "idempotency_key": start.key,
            "tags": list(start.tags),
        }
        answer = self._call("POST", f"/deployments/{self._deployment(start.deployment)}/create_flow_run", body)
        return str(answer["id"])

    def run(self, run: str) -> EngineRun | None:
        """One run; None where the engine does not know it (any more)."""
        answer = self._call("GET", f"/flow_runs/{run}", missing=True)
        return _run(answer) if answer else None

    def runs(self, *states: str) -> tuple[EngineRun, ...]:
        """Every run of our deployments in one of these states (`RUNNING`, `PAUSED` …): a server may have others."""
        found: list[EngineRun] = []
        while True:
            body = {
                "flow_runs": {"state": {"type": {"any_": list(states)}}},
                "deployments": {"name": {"any_": list(DEPLOYMENTS)}},
                "sort": "ID_DESC",
                "limit": PAGE,
                "offset": len(found),
            }
            page = self._call("POST", "/flow_runs/filter", body)
            found += [_run(item) for item in page]
            if len(page) < PAGE:
                return tuple(found)

    def form(self, run: EngineRun) -> str:
        """The form's description in Markdown, as the UI shows it."""
        return self._input(run.id, run.keyset.get("description", "")) or ""

    def is_active(self, deployment: str, tag: str) -> bool:
        """Whether a run of the deployment is at work, or one with this tag waits to begin."""
        ours = {"name": {"any_": [deployment]}}
        at_work = {"state": {"type": {"any_": ["PENDING", "RUNNING"]}}}
        waiting = {"state": {"type": {"any_": ["SCHEDULED"]}}, "tags": {"all_": [tag]}}
        return any(
            self._call("POST", "/flow_runs/filter", {"flow_runs": runs, "deployments": ours, "limit": 1})
            for runs in (at_work, waiting)
        )

    def has_form(self, run: EngineRun) -> bool:
        return self._input(run.id, run.keyset.get("schema", "")) is not None

    def reply(self, run: str, keyset: Mapping[str, str]) -> str | None:
        """What was typed into the form, as JSON text; None where nothing was."""
        return self._input(run, keyset.get("response", ""))

    def delete_form(self, run: str, keyset: Mapping[str, str]) -> None:
        """Deletes a form with everything typed into it."""
        for key in keyset.values():
            self._call("DELETE", f"/flow_runs/{run}/input/{key}", missing=True)

    def resume(self, run: str, typed: Mapping[str, str] | None) -> str:
        """Submits a suspended run's form as the UI's button does; returns `ACCEPT`, `REJECT` or `ABORT`."""
        answer = self._call("POST", f"/flow_runs/{run}/resume", {"run_input": dict(typed)} if typed is not None else {})
        return str(answer["status"])

    def rename(self, run: str, name: str, tags: Sequence[str]) -> None:
        """Gives a run another name and other tags."""
        self._call("PATCH", f"/flow_runs/{run}", {"name": name, "tags": list(tags)}, missing=True)

    def emit(self, events: Sequence[Mapping[str, object]]) -> None:
        """Records events of ours: id, occurred, event, resource and payload, as Prefect's schema names them."""
        self._call("POST", "/events", list(events))

    def cancel_late(self, before: datetime, *deployments: str) -> int:
        """Cancels scheduled runs of these deployments (none named: all of ours) whose time has passed: after a night
        off, or on a machine that cannot keep up, one poll does what thirty would have."""
        body: dict[str, object] = {
            "flow_runs": {
                "state": {"type": {"any_": ["SCHEDULED"]}},
                "expected_start_time": {"before_": before.isoformat()},
                "tags": {"all_": ["auto-scheduled"]},
            },
            "limit": PAGE,
        }
        body["deployments"] = {"name": {"any_": list(deployments or DEPLOYMENTS)}}
        late = self._call("POST", "/flow_runs/filter", body)
        for item in late:
            self.set_state(str(item["id"]), "CANCELLED", "late; the next one does its work")
        return len(late)

    def set_state(self, run: str, state: str, message: str) -> None:
        """Sets a run's state whatever it was."""
        body = {"state": {"type": state, "message": message}, "force": True}
        self._call("POST", f"/flow_runs/{run}/set_state", body, missing=True)

    def _deployment(self, name: str) -> str:
        if name not in self._deployments:
            answer = self._call("GET", f"/deployments/name/{name}/{name}", missing=True)
            if not answer:
                raise EngineUnavailable("not_served")
            self._deployments[name] = str(answer["id"])
        return self._deployments[name]

    def _input(self, run: str, key: str) -> str | None:
        if not key:
            return None
        answer = self._request("GET", f"/flow_runs/{run}/input/{key}", None)
        return answer.text if answer.status_code == httpx.codes.OK else None

    def _call(self, method: str, path: str, body: object = None, *, missing: bool = False) -> Any:
        answer = self._request(method, path, body)
        if missing and answer.status_code == httpx.codes.NOT_FOUND:
            return None
        if answer.status_code >= httpx.codes.BAD_REQUEST:
            raise EngineUnavailable(f"http_{answer.status_code}")
        return json.loads(answer.content) if answer.content else None

    def _request(self, method: str, path: str, body: object) -> httpx.Response:
        """A server on SQLite answers 503 where its database was busy and nothing was done: it is asked again."""
        for pause in BUSY_PAUSES:
            answer = self._once(method, path, body)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return answer
            time.sleep(pause)
        return self._once(method, path, body)

    def _once(self, method: str, path: str, body: object) -> httpx.Response:
        try:
            return self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            code = type(error).__name__
        raise EngineUnavailable(code)


def _run(answer: Mapping[str, Any]) -> EngineRun:
    state = answer.get("state") or {}
    details = state.get("state_details") or {}
    return EngineRun(
        str(answer["id"]),
        str(answer["name"]),
        str(answer.get("state_type") or ""),
        str(answer.get("deployment_id") or ""),
        details.get("run_input_keyset") or {},
        datetime.fromisoformat(state["timestamp"]) if state.get("timestamp") else None,
    )
