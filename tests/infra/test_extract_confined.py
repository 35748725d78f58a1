"""The probes are documents too: a worker that runs the document as Python shows what a taken-over child could do."""

import io
import json
import os
import signal
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.text import TextExtractor, TextUnreadable
from infra.extract import IsolatedExtractor

TAKEN_OVER = """
import sys
sys.path.append(sys.argv[1])
import ctypes, errno, json, os, resource, signal, socket, subprocess, threading, time
from infra.extract_worker import serve
def read(data, job):
    found = dict(globals())
    exec(compile(data, "probe", "exec"), found)
    return json.dumps(found["answer"])
serve(read)
"""
TRY = """
def attempt(action):
    try:
        action()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "done"
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    result = libc.syscall(number, *arguments)
    return errno.errorcode[ctypes.get_errno()] if result < 0 else "done"
"""
REFUSED = {"EPERM", "EACCES"}


@pytest.fixture(scope="module", params=[True, False], ids=["landlock", "without landlock"])
def taken_over(request: pytest.FixtureRequest) -> Iterator[IsolatedExtractor]:
    with IsolatedExtractor(timeout_seconds=30, landlock=request.param, program=TAKEN_OVER) as made:
        yield made


def text(extractor: TextExtractor, data: bytes, name: str = "", media_type: str = "") -> str:
    return extractor.text(name, media_type, io.BytesIO(data))


def code(extractor: TextExtractor, data: bytes, name: str = "", media_type: str = "") -> str:
    with pytest.raises(TextUnreadable) as caught:
        text(extractor, data, name, media_type)
    return caught.value.code


def probe(extractor: TextExtractor, script: str) -> object:
    return json.loads(text(extractor, (TRY + script).encode()))


# What a taken-over child cannot do


def test_no_network(taken_over: IsolatedExtractor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        script = f"""
answer = [
    attempt(lambda: socket.socket()),
    attempt(lambda: socket.socket(socket.AF_UNIX)),
    attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)),
    attempt(lambda: socket.create_connection(("127.0.0.1", {server.getsockname()[1]}), 2)),
    attempt(lambda: socket.socket(fileno=3).connect("/run/any")),
]
"""
        assert probe(taken_over, script) == ["EPERM"] * 5


def test_no_file_of_ours(taken_over: IsolatedExtractor, tmp_path: Path) -> None:
    secret = tmp_path / "master.key"
    secret.write_text("secret")
    assert secret.read_text() == "secret"
    script = f"""
paths = [{str(secret)!r}, "/etc/passwd", "/etc/hostname", "/proc/self/environ", "/proc/{os.getpid()}/mem", "/"]
answer = [attempt(lambda: os.open(path, os.O_RDONLY)) for path in paths]
"""
    found = probe(taken_over, script)
    assert isinstance(found, list)
    assert len(found) == 6
    assert set(found) <= REFUSED


def test_nothing_is_written_anywhere(taken_over: IsolatedExtractor, tmp_path: Path) -> None:
    script = f"""
flags = os.O_WRONLY | os.O_CREAT
places = [{str(tmp_path)!r}, os.environ["HOME"], os.environ["TMPDIR"], "/tmp", "/dev/shm", "/var/tmp"]
answer = [attempt(lambda: os.open(place + "/x", flags)) for place in places]
answer += [attempt(lambda: os.open(os.environ["TMPDIR"], os.O_RDWR | os.O_TMPFILE))]
answer += [attempt(lambda: os.memfd_create("x")), attempt(lambda: os.unlink({str(tmp_path / "kept")!r}))]
answer += [attempt(lambda: os.rename({str(tmp_path / "kept")!r}, "/tmp/moved"))]
"""
    (tmp_path / "kept").touch()
    found = probe(taken_over, script)
    assert isinstance(found, list)
    assert len(found) == 10
    assert set(found) <= REFUSED
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_no_other_process(taken_over: IsolatedExtractor) -> None:
    script = f"""
answer = [
    attempt(os.fork),
    attempt(lambda: os.execv("/bin/true", ["true"])),
    attempt(lambda: subprocess.run(["/bin/true"])),
    attempt(lambda: os.kill({os.getpid()}, 0)),
    attempt(lambda: os.kill({os.getpid()}, signal.SIGTERM)),
    attempt(lambda: os.setsid()),
    attempt(lambda: os.pidfd_open({os.getpid()})),
]
"""
    assert probe(taken_over, script) == ["EPERM"] * 7


def test_no_way_around_by_bare_system_calls(taken_over: IsolatedExtractor) -> None:
    numbers = {"io_uring_setup": 425, "pidfd_getfd": 438, "openat2": 437, "process_madvise": 440, "clone3": 435}
    script = f"answer = {{name: call(number, 0, 0, 0, 0) for name, number in {numbers!r}.items()}}"
    found = probe(taken_over, script)
    assert found == dict.fromkeys(numbers, "EPERM") | {"clone3": "ENOSYS"}


def test_limits_stay(taken_over: IsolatedExtractor) -> None:
    script = """
unlimited = (ctypes.c_ulong * 2)(2**64 - 1, 2**64 - 1)
alarm = 37 if os.uname().machine == "x86_64" else 103
answer = [libc.setrlimit(resource.RLIMIT_FSIZE, unlimited), libc.prctl(38, 0, 0, 0, 0), libc.syscall(alarm, 0)]
"""
    assert probe(taken_over, script) == [-1, -1, -1]


def test_memory_is_bounded(taken_over: IsolatedExtractor) -> None:
    assert code(taken_over, b"answer = len(bytes(3 * 1024**3))") == "too_large"


def test_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUSKUNFT_MASTER_KEY", "secret")
    with IsolatedExtractor(program=TAKEN_OVER) as extractor:
        found = probe(extractor, "answer = dict(os.environ)")
    assert isinstance(found, dict)
    assert "secret" not in found.values()
    # LC_CTYPE and LD_LIBRARY_PATH: what Python and kreuzberg set for themselves.
    assert set(found) <= {
        *("HOME", "TMPDIR", "LANG", "LC_CTYPE", "LD_LIBRARY_PATH", "TESSDATA_PREFIX"),
        *("MALLOC_ARENA_MAX", "OMP_THREAD_LIMIT", "RAYON_NUM_THREADS", "TOKIO_WORKER_THREADS"),
    }


def test_no_descriptor_but_the_document(tmp_path: Path) -> None:
    secret = tmp_path / "vault"
    secret.write_text("secret")
    with secret.open() as held:
        os.set_inheritable(held.fileno(), True)
        with IsolatedExtractor(program=TAKEN_OVER) as extractor:
            answer = probe(extractor, "answer = [n for n in range(512) if attempt(lambda: os.fstat(n)) == 'done']")
    assert answer == [0, 1, 2, 3]


def test_one_document_knows_nothing_of_another(taken_over: IsolatedExtractor) -> None:
    remember = "import builtins\nbuiltins.kept = 'Erika Beispiel'\nanswer = True"
    assert probe(taken_over, remember) is True
    assert probe(taken_over, "import builtins\nanswer = hasattr(builtins, 'kept')") is False


def test_a_child_that_dies_or_lies_is_a_crash_and_the_next_document_is_read(taken_over: IsolatedExtractor) -> None:
    deaths = ["os._exit(0)", "os.abort()", "ctypes.string_at(0)", "raise RuntimeError", "answer = object()"]
    lies = ["os.write(3, b'\\0'); os._exit(0)", "os.write(3, bytes([200]) + bytes(8)); os._exit(0)"]
    for script in deaths + lies:
        assert code(taken_over, script.encode()) == "crashed"
    assert code(taken_over, b"os.write(3, bytes([0]) + b'\\xff' * 8); os._exit(0)") == "too_large"
    assert probe(taken_over, "answer = 1") == 1


@pytest.mark.parametrize("script", [b"while True: pass", b"time.sleep(600)", b"signal.signal(14, 1)\nwhile True: pass"])
def test_a_child_that_does_not_end_is_killed(script: bytes) -> None:
    with IsolatedExtractor(timeout_seconds=1, program=TAKEN_OVER) as extractor:
        assert probe(extractor, "answer = 1") == 1
        assert code(extractor, script) == "timeout"
        assert extractor._worker is not None
        _until(lambda: _children(extractor) == [])
        assert probe(extractor, "answer = 2") == 2


def test_threads_work_at_once_in_their_own_children(taken_over: IsolatedExtractor) -> None:
    found: dict[int, object] = {}

    def work(number: int) -> None:
        for turn in range(5):
            found[number * 5 + turn] = probe(taken_over, f"time.sleep(0.01)\nanswer = {number * 5 + turn}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: number for number in range(15)}


# The worker's own life


def test_without_confinement_nothing_is_read() -> None:
    program = TAKEN_OVER.replace(
        "serve(read)", "from infra import confine\nconfine.filter_calls = lambda may_open: None\nserve(read)"
    )
    with IsolatedExtractor(program=program) as extractor:
        assert code(extractor, b"answer = 1") == "no_isolation"


def test_no_interpreter_is_no_isolation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with IsolatedExtractor() as extractor, pytest.raises(TextUnreadable) as caught:
        extractor.check()
    assert caught.value.code == "no_isolation"
    assert list(tmp_path.iterdir()) == []


def test_a_kernel_without_landlock_gives_no_recognition_but_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.confine.landlock_version", lambda: 0)
    with IsolatedExtractor() as extractor:
        assert extractor.check() == ""
        assert text(extractor, b"text") == "text"


def test_a_machine_the_filter_is_not_written_for_reads_nothing() -> None:
    program = TAKEN_OVER.replace("serve(read)", "import platform\nplatform.machine = lambda: 's390x'\nserve(read)")
    with IsolatedExtractor(program=program) as extractor:
        assert code(extractor, b"answer = 1") == "no_isolation"


def test_a_worker_that_died_is_replaced(taken_over: IsolatedExtractor) -> None:
    assert probe(taken_over, "answer = 1") == 1
    assert taken_over._worker is not None
    os.kill(taken_over._worker._process.pid, signal.SIGKILL)
    taken_over._worker._process.wait()
    assert probe(taken_over, "answer = 2") == 2


def test_the_worker_goes_when_its_parent_hangs_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    extractor = IsolatedExtractor()
    assert text(extractor, b"text") == "text"
    worker = extractor._worker
    assert worker is not None
    worker.control.close()
    assert worker._process.wait(timeout=10) == 0
    assert list(tmp_path.iterdir()) == []
    extractor.close()


def _children(extractor: IsolatedExtractor) -> list[str]:
    assert extractor._worker is not None
    pid = extractor._worker._process.pid
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _until(condition: object) -> None:
    assert callable(condition)
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
