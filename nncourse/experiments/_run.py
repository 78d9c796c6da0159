"""One experiment with one seed, from its first epoch or its checkpoint to its files."""

import dataclasses
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from nncourse.datasets._arguments import whole_number
from nncourse.experiments._checkpoint import Checkpoint, check_same_run
from nncourse.experiments._files import replacing
from nncourse.experiments._recipe import Recipe
from nncourse.experiments._record import load_record, make_record, write_results
from nncourse.experiments._task import Task
from nncourse.experiments._training import DivergedError, train_network

Report = Callable[[str], None]


class Run:
    """A model, data, a recipe and a seed.

    Args:
        model: What the record calls the model.
        data: What it calls the data.
        recipe: How it is trained.
        seed: Where chance starts.
        stem: What the names of its files begin with.
    """

    def __init__(self, model: str, data: str, recipe: Recipe, seed: int, stem: Path):
        import keras

        self.recipe = recipe
        self.about = {
            "model": model,
            "data": data,
            "seed": seed,
            "backend": keras.backend.backend(),
        }
        self.begun = False
        self._identity = {**self.about, **dataclasses.asdict(recipe)}
        self._seeds = [member_seed(seed, index) for index in range(recipe.members)]
        self._stem = stem
        self._done = Checkpoint(self._identity)
        self._record = None

    def path_of(self, ending: str) -> Path:
        """The run's file with that ending."""
        return self._stem.with_name(f"{self._stem.name}.{ending}")

    @property
    def checkpoint_path(self) -> Path:
        """The file that an interrupted run leaves."""
        return self.path_of("checkpoint.npz")

    def look_back(self, resume: bool) -> None:
        """Takes up what an earlier run left, or sees that it does not come to harm.

        Raises:
            ValueError: If an interrupted run is there and is not to be resumed, or is another one
                than the one to resume, or if its file is damaged.
        """
        path, record_path = self.checkpoint_path, self.path_of("json")
        if path.exists() and not resume:
            raise ValueError(
                f"{path} has an interrupted run: go on from it with --resume, or delete it."
            )
        if path.exists():
            self._done = Checkpoint.load(path)
            check_same_run(path, self._done.identity, self._identity)
            self.begun = True
        elif resume and record_path.exists():
            self._record, identity = load_record(record_path)
            check_same_run(record_path, identity, self._identity)
            self.begun = True

    def finish(self, task: Task, report: Report) -> dict:
        """Trains what is left to train, reads the test data, writes the files.

        Returns:
            The record.

        Raises:
            ValueError: If a metric is not finite: no record is written, and an earlier one stays;
                the network as it was after its last complete epoch is saved.
            KeyboardInterrupt: With a message on what is kept.
        """
        if self._record is not None:
            report(f"{self.about['model']}: complete already, {self.path_of('json')}")
            return self._record
        try:
            return self._train_and_write(task, report)
        except DivergedError as error:
            kept = self._keep_last_good(task)
            self.checkpoint_path.unlink(missing_ok=True)  # from there it would diverge again
            raise DivergedError(f"{error} {kept}") from None
        except KeyboardInterrupt:
            raise KeyboardInterrupt(self._what_is_kept()) from None

    def _keep_last_good(self, task: Task) -> str:
        """Saves the network as it was after its last complete epoch, and says where."""
        if not self._done.current:
            return "No epoch of this network was complete, nothing of it is kept."
        network = task.build(self._seeds[len(self._done.finished)])
        for variable, value in zip(network.variables, self._done.current, strict=False):
            variable.assign(value)  # the optimizer's values follow, and are not of use any more
        path = self.path_of("diverged.keras")
        with replacing(path) as new:
            network.save(new)
        return f"The network as it was after {self._epochs_done()} is kept in {path}."

    def _what_is_kept(self) -> str:
        if not self._done.history:
            return "no epoch was complete, nothing is kept"
        return (
            f"{self._epochs_done()} are kept in {self.checkpoint_path}; "
            "the same command with --resume goes on from there"
        )

    def _epochs_done(self) -> str:
        return f"{len(self._done.history)} of {self.recipe.epochs * self.recipe.members} epochs"

    def _train_and_write(self, task: Task, report: Report) -> dict:
        clock = _Clock(self._done.seconds)
        resumed = f", {self._epochs_done()} done" if self._done.history else ""
        report(f"{self.about['model']}, seed {self.about['seed']}{resumed}")
        members = [
            self._trained_member(index, task, clock, report) for index in range(self.recipe.members)
        ]
        whole = task.join(members)
        judged = task.judge(whole, members, self._seeds)
        record = make_record(self.about, self.recipe, whole, judged, self._done.history)
        record["seconds"] = {name: round(value, 1) for name, value in clock.read().items()}
        record = write_results(whole, record, task.curves, self.path_of)
        self.checkpoint_path.unlink(missing_ok=True)
        return record

    def _trained_member(self, index: int, task: Task, clock: "_Clock", report: Report):
        done, recipe, seed = self._done, self.recipe, self._seeds[index]
        network = task.build(seed)
        if index < len(done.finished):
            network.set_weights(done.finished[index])
            return network

        def after_epoch(metrics: dict, state: list[np.ndarray]) -> None:
            ended = metrics["epoch"] == recipe.epochs
            checkpoint = Checkpoint(
                self._identity,
                [*self._done.history, {"member": index + 1, **metrics}],
                [*self._done.finished, network.get_weights()] if ended else self._done.finished,
                [] if ended else state,
                clock.read(),
            )
            checkpoint.save(self.checkpoint_path)
            self._done = checkpoint  # only now: an interruption tells what is kept for certain
            report(_place(metrics, index, recipe) + task.progress(metrics) + _time(metrics))

        train_network(
            network,
            task,
            seed=seed,
            done=len(done.history) - index * recipe.epochs,
            state=done.current,
            after_epoch=after_epoch,
        )
        return network


class _Clock:
    """Wall and processor time, in addition to what earlier parts of the run took."""

    def __init__(self, before: dict[str, float]):
        self._wall = time.perf_counter() - before["wall"]
        self._cpu = time.process_time() - before["cpu"]

    def read(self) -> dict[str, float]:
        return {
            "wall": time.perf_counter() - self._wall,
            "cpu": time.process_time() - self._cpu,
        }


def _place(metrics: dict, index: int, recipe: Recipe) -> str:
    member = f"member {index + 1} of {recipe.members}, " if recipe.members > 1 else ""
    return f"{member}epoch {metrics['epoch']:>2} of {recipe.epochs}  "


def _time(metrics: dict) -> str:
    return f"  {metrics['seconds']:.1f} s"


def member_seed(seed: int, index: int) -> int:
    """The seed of an ensemble's member: other runs have other members.

    A single network is the member of index 0, so the first of v7 is the v6 of the same seed.
    """
    return int(np.random.SeedSequence((seed, index)).generate_state(1)[0]) % 2**31


def checked_recipe(recipe: Recipe, epochs: int | None, seed: int) -> Recipe:
    """The recipe with another number of epochs, if one is given.

    Raises:
        ValueError: If it is none, or if the seed is none.
    """
    whole_number("seed", seed, 0)
    if seed >= 2**31:
        raise ValueError(f"`seed` must be less than 2**31. Received: seed={seed}")
    if epochs is None:
        return recipe
    return dataclasses.replace(recipe, epochs=whole_number("epochs", epochs, 1))


def look_back(runs: Sequence[Run], resume: bool) -> None:
    """Lets every run look back before the first is trained.

    Raises:
        ValueError: If one must not be trained, or if there is nothing to resume.
    """
    for run in runs:
        run.look_back(resume)
    if resume and not any(run.begun for run in runs):
        raise ValueError(
            f"There is nothing to resume: {runs[0].checkpoint_path} does not exist, "
            "nor does a finished record."
        )
