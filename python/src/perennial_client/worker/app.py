"""A worker for tasks whose bodies are in Python."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar

from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.service import TLSConfig
from temporalio.worker import Worker as TemporalWorker

from .body import Body
from .contract import Contract, QueueContract, load_contract
from .converter import converter_of
from .errors import InvalidSettings, SoftTimeLimit
from .sealing import SealingCodec
from .settings import Settings, settings_of
from .shell import Shell

_LOG = logging.getLogger("perennial.worker")
_Function = TypeVar("_Function", bound=Callable[..., Any])
_PAUSE = 2.0
_RECURSION = 10_000


class Worker:
    """Bodies in Python, by the names that the application gives their contracts (``definePythonTask``).

    Example:
        >>> worker = Worker()
        >>> @worker.task(name="texts.score")
        ... def score(text: str) -> float:
        ...     return text.count("!") / len(text)
        >>> worker.run()

    What each connection needs is read from the environment (``docs/python.md``).
    """

    #: What is raised in bodies that are not ``async`` when their soft limit has passed.
    soft_error: type[BaseException] = SoftTimeLimit
    #: Whether a body without a contract is a fault. An application of Celery may have tasks that others run.
    needs_contracts = True

    def __init__(self) -> None:
        self._bodies: dict[str, Body] = {}

    @property
    def bodies(self) -> Mapping[str, Body]:
        return self._bodies

    def task(self, *, name: str) -> Callable[[_Function], _Function]:
        """Makes a function the body of a task. The fields of the input are its arguments, by name."""

        def add(function: _Function) -> _Function:
            self.add(Body.of(name, function))
            return function

        return add

    def add(self, body: Body) -> None:
        """Adds a body. Raises ValueError for a name that is there."""
        if body.name in self._bodies:
            raise ValueError(f"{body.name}: expected a name that no other body has, got it twice")
        self._bodies[body.name] = body

    def run(self, *, concurrency: int | None = None, queues: Sequence[str] | None = None) -> None:
        """Serves until SIGINT or SIGTERM.

        Args:
            concurrency: Bodies at once, for each queue. Default: the ``slots`` of the queue.
            queues: Those that are served. Default: every queue for Python.

        Raises InvalidSettings with everything that is wrong.
        """
        # Values may have 500 levels, and each takes several calls to look at.
        sys.setrecursionlimit(max(_RECURSION, sys.getrecursionlimit()))
        settings = settings_of()
        contract = load_contract(settings)
        served = self._served_queues(contract, queues)
        self._check(contract, [queue["queue"] for queue in served])
        asyncio.run(self._serve(settings, contract, served, concurrency))

    def _served_queues(self, contract: Contract, wanted: Sequence[str] | None) -> list[QueueContract]:
        known = {queue["queue"]: queue for queue in contract["queues"]}
        unknown = [name for name in wanted or () if name not in known]
        if unknown or not known:
            raise InvalidSettings(
                f"queues: expected queues with tasks in Python ({', '.join(known) or 'there are none'}), "
                f"got {', '.join(unknown) or 'none'}. The application declares them with `language: 'python'`"
            )
        return [known[name] for name in wanted or known]

    def _check(self, contract: Contract, queues: Sequence[str]) -> None:
        """Refuses what would fail call by call."""
        names = {task["name"] for task in contract["tasks"]}
        here = [task["name"] for task in contract["tasks"] if task["queue"] in queues]
        faults = [f"{name}: expected a body, got none" for name in here if name not in self._bodies]
        without = sorted(name for name in self._bodies if name not in names)
        if self.needs_contracts:
            faults += [f"{name}: expected a contract (definePythonTask), got none" for name in without]
        elif without:
            _LOG.info("not served, because no contract names them: %s", ", ".join(without))
        if faults:
            raise InvalidSettings("\n".join(faults))

    async def _serve(
        self, settings: Settings, contract: Contract, served: Sequence[QueueContract], concurrency: int | None
    ) -> None:
        sealing = SealingCodec(settings.seal_keys, contract["sealed"])
        converter = converter_of(settings, sealing)
        slots = {queue["queue"]: concurrency or _slots(queue) for queue in served}
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        client = await _connected(settings, converter, stop)
        if client is None:
            return
        pool = ThreadPoolExecutor(max_workers=sum(slots.values()), thread_name_prefix="perennial")
        shell = Shell(
            self._bodies,
            contract,
            sealing,
            pool,
            soft_error=self.soft_error,
            scale=settings.retry_delay_scale,
        )
        workers = [_worker_of(client, queue, shell, slots[queue["queue"]], settings.grace) for queue in served]
        _LOG.info("worker is running: %s", ", ".join(f"{name} ({count} at once)" for name, count in slots.items()))
        await _run_until(workers, stop)
        _LOG.info("worker has stopped")
        # A thread that does not end would keep the process; its task is done again elsewhere.
        logging.shutdown()
        os._exit(0)


def _slots(queue: QueueContract) -> int:
    return (os.cpu_count() or 1) + 1 if queue["slots"] == "cores" else int(queue["slots"])


async def _connected(settings: Settings, converter: DataConverter, stop: asyncio.Event) -> Client | None:
    """Waits for a server that starts later; only a signal ends the waiting."""
    tls = settings.tls
    while not stop.is_set():
        try:
            return await Client.connect(
                settings.address,
                namespace=settings.namespace,
                api_key=settings.temporal_key,
                data_converter=converter,
                identity=f"python:{os.getpid()}@{socket.gethostname()}",
                tls=False
                if tls is None
                else TLSConfig(
                    server_root_ca_cert=tls.ca, client_cert=tls.cert, client_private_key=tls.key, domain=tls.server_name
                ),
            )
        except RuntimeError as error:
            _LOG.warning("Temporal at %s cannot be reached yet: %s", settings.address, error)
            try:
                await asyncio.wait_for(stop.wait(), _PAUSE)
            except asyncio.TimeoutError:
                continue
    return None


def _worker_of(client: Client, queue: QueueContract, shell: Shell, slots: int, grace: float) -> TemporalWorker:
    rate = queue.get("rate")
    return TemporalWorker(
        client,
        task_queue=queue["queue"],
        activities=[shell.run],
        max_concurrent_activities=slots,
        max_task_queue_activities_per_second=None if rate is None else rate["count"] * 1000 / rate["perMs"],
        # The details of heartbeats are all that survives a kill.
        max_heartbeat_throttle_interval=timedelta(seconds=1),
        graceful_shutdown_timeout=timedelta(seconds=grace),
    )


_AFTER_GRACE = 10.0


async def _run_until(workers: Sequence[TemporalWorker], stop: asyncio.Event) -> None:
    """Runs all workers until the signal, or until one of them fails: then the others stop too."""
    running = [asyncio.create_task(worker.run()) for worker in workers]
    stopping = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([*running, stopping], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    ends = asyncio.gather(*(worker.shutdown() for worker in workers), return_exceptions=True)
    grace = max(worker.config().get("graceful_shutdown_timeout", timedelta()).total_seconds() for worker in workers)
    await asyncio.wait([asyncio.ensure_future(ends)], timeout=grace + _AFTER_GRACE)
    for one in done:
        if one is not stopping:
            one.result()
