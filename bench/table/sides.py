"""Those who take part: seqc and its peers, each in processes of its own that measure a round when they are asked.

A peer reads `point KEY=VALUE ...` and `round SECONDS`, one line each, and answers each with a line of JSON; its first line says
its version. An answer with `skip` says why something is not measured.
"""

import collections
import json
import os
import pathlib
import subprocess
import threading

from . import built, machine, places

ANSWER_SECONDS = 1200


class Skip(Exception):
    """Why something is not measured."""


class Process:
    """Lines in, lines of JSON out."""

    def __init__(self, command, environment=None):
        self.errors = collections.deque(maxlen=20)
        try:
            self.process = subprocess.Popen(
                list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
            )
        except OSError as error:
            raise Skip(f"{command[0]}: {error.strerror}") from error
        self.reader = threading.Thread(target=self.read_errors, daemon=True)
        self.reader.start()

    def read_errors(self):
        # Else a side that says much would wait for ever.
        self.errors.extend(self.process.stderr)

    def answer(self):
        timer = threading.Timer(ANSWER_SECONDS, self.process.kill)
        timer.start()
        line = self.process.stdout.readline()
        timer.cancel()
        if not line.startswith("{"):
            self.close()
            raise Skip(self.reason())
        found = json.loads(line)
        if "skip" in found:
            raise Skip(found["skip"])
        return found

    def has_ended(self):
        return self.process.poll() is not None

    def reason(self):
        """Of a process that has ended: its error, else the last thing it said."""
        said = [text.strip() for text in self.errors if text.strip()]
        errors = [text for text in said if "error" in text.lower()]
        return next(iter(errors or said[-1:]), f"ended with {self.process.returncode}")

    def ask(self, line):
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # The answer says why.
        return self.answer()

    def close(self):
        """May be called again."""
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # It has ended.
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reader.join()
        self.process.stdout.close()
        self.process.stderr.close()


def program_text(program):
    """The path of the program's text; of several files one is made."""
    if len(program.files) == 1:
        return places.ROOT / program.files[0]
    path = places.WORK / "-".join(pathlib.Path(file).stem for file in program.files)
    path = path.with_suffix(".seq")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join((places.ROOT / file).read_text() for file in program.files))
    return path


class Seqc:
    """Compiles each point in a process of its own."""

    def __init__(self, seqc, name="seqc"):
        self.seqc, self.name = seqc, name
        self.version = ""
        self.process = self.measure = None

    def probe(self):
        try:
            found = subprocess.run([self.seqc, "--version"], check=True, stdout=subprocess.PIPE, text=True)
        except OSError as error:
            raise Skip(f"{self.seqc}: {error.strerror}") from error
        self.version = found.stdout.split()[-1]

    def open(self, point):
        if point.measure == "call":
            return self.open_built(point)
        program = point.program
        command = [self.seqc, "bench", program_text(program), "--on-demand", "--batch", point.batch, "--length", point.length]
        command += ["--threads", point.threads]
        command += ["--model", program.model] if program.model else []
        for name, value in program.settings:
            command += ["--set", f"{name}={value}"]
        command += ["--lengths", ",".join(map(str, point.lengths))] if point.lengths else []
        command += ["--training"] if point.training else []
        command += ["--save", *point.save] if point.save else []
        command += ["--precision", point.precision] if point.precision != "f32" else []
        self.process, self.measure = Process(command), point.measure
        return self.process.answer()

    def open_built(self, point):
        """An object of `seqc build`, in a program that answers like a peer."""
        try:
            program = built.step_program(self.seqc, point, program_text(point.program))
        except RuntimeError as error:
            raise Skip(str(error)) from error
        self.process, self.measure = Process([program]), "round"
        self.process.answer()
        return self.process.ask("point " + point.words())

    def round(self, seconds):
        return self.process.ask(f"{self.measure} {seconds}")

    def close_point(self):
        self.process.close()

    def close(self):
        pass


class Peer:
    """One process for each number of threads, and one for each point whose memory is measured."""

    def __init__(self, name, command, settings=None, takes_calls=False):
        self.name, self.command, self.settings, self.takes_calls = name, command, settings or {}, takes_calls
        self.version = ""
        self.kept = {}
        self.process = None
        self.alone = False

    def probe(self):
        """Finds out the version."""
        self.kept[1] = self.start(1)

    def start(self, threads):
        process = Process(self.command() if callable(self.command) else self.command, {**peer_environment(threads), **self.settings})
        try:
            self.version = process.answer()["version"]
        except Skip:
            process.close()
            raise
        return process

    def open(self, point):
        if self.takes_calls != (point.measure == "call"):
            raise Skip("it is not built ahead of time" if point.measure == "call" else "it is made for one step a call")
        if point.precision != "f32":
            raise Skip("it multiplies f32")
        self.alone = point.memory
        if self.alone:
            self.process = self.start(point.threads)
        else:
            # Who failed at the last point has ended.
            if point.threads not in self.kept or self.kept[point.threads].has_ended():
                self.kept[point.threads] = self.start(point.threads)
            self.process = self.kept[point.threads]
        return self.process.ask("point " + point.words())

    def round(self, seconds):
        return self.process.ask(f"round {seconds}")

    def close_point(self):
        if self.alone:
            self.process.close()

    def close(self):
        for process in self.kept.values():
            process.close()


def peer_environment(threads):
    """What makes peers as fast as they can be."""
    environment = dict(os.environ)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        environment[name] = str(threads)
    # OpenBLAS takes CPUs that it does not know for very old ones.
    environment.pop("OPENBLAS_L2_SIZE", None)
    environment.pop("OPENBLAS_CORETYPE", None)
    if machine.has_avx512():
        environment["OPENBLAS_CORETYPE"] = "SkylakeX"
        environment["ATEN_CPU_CAPABILITY"] = "avx512"
    return environment


def onednn_command(prefix):
    """Compiles the driver when it is asked for; `prefix` holds another include and lib than the system's."""

    def command():
        options = ["-ldnnl"]
        if prefix:
            options = [f"-I{prefix}/include", f"-L{prefix}/lib", f"-Wl,-rpath,{prefix}/lib", "-ldnnl"]
        program = places.WORK / ("onednn-" + pathlib.Path(prefix or "system").name)
        try:
            return [machine.compile_program(places.BENCH / "peers" / "onednn.cpp", program, *options)]
        except RuntimeError as error:
            raise Skip(str(error)) from error

    return command


def rtneural_command(checkout, backend):
    def command():
        try:
            return [built.rtneural_program(checkout, backend)]
        except RuntimeError as error:
            raise Skip(str(error)) from error

    return command if checkout else absent("--rtneural")


# Debian's PyTorch and its OpenBLAS share one pool of threads with this one; else both spin on the same cores.
OPENMP_BLAS = "/usr/lib/x86_64-linux-gnu/openblas-openmp"


def all_peers(options):
    drivers = places.BENCH / "peers"
    blas = {"LD_LIBRARY_PATH": OPENMP_BLAS} if pathlib.Path(OPENMP_BLAS).is_dir() else {}
    yield Peer("PyTorch 1.13", [options.debian_python, drivers / "torch_side.py"], blas)
    yield Peer("PyTorch", [options.python, drivers / "torch_side.py"] if options.python else absent("--python"))
    # Models are exported by Debian's PyTorch.
    exporter = {"SEQC_BENCH_EXPORTER": options.debian_python}
    yield Peer("ONNX Runtime", [options.python, drivers / "onnx_side.py"] if options.python else absent("--python"), exporter)
    yield Peer("oneDNN 2", onednn_command(""))
    yield Peer("oneDNN 3", onednn_command(options.onednn) if options.onednn else absent("--onednn"))
    for backend in ("Eigen", "xsimd", "STL"):
        yield Peer(f"RTNeural {backend}", rtneural_command(options.rtneural, backend.upper()), takes_calls=True)


def absent(option):
    def command():
        raise Skip(f"{option} does not say where it is")

    return command


def available(options):
    """Peers that answer, and why the others do not."""
    found, missing = [], {}
    for peer in all_peers(options):
        try:
            peer.probe()
            found.append(peer)
        except Skip as reason:
            missing[peer.name] = str(reason)
    return found, missing
