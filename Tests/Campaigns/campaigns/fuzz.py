"""Readers of arbitrary bytes: no crash, no input that takes more than a second of processor
time, less than 512 MB.

The full form is libFuzzer with AddressSanitizer, ten minutes of processor time for each target. The
short form gives the ordinary build the corpus and mutations of it, without coverage."""
import concurrent.futures
import os
import pathlib
import resource
import subprocess
import sys
import zipfile

from .support import BIN, ENVIRONMENT, ROOT, CannotRun, Count, finish, told

TARGETS = ["idx", "gzip", "cifar", "arrays", "hdf5", "descriptions", "lzf", "npz", "npy", "safetensors", "gguf", "onnx", "tensors",
           "pickle", "shards", "architecture", "table", "svmlight", "picture", "user-block",
           "contents", "checkpoint"]
MINUTES = float(os.environ.get("RSO_FUZZ_MINUTES", "10"))
CHOSEN = os.environ.get("RSO_FUZZ_TARGETS", "").split() or TARGETS
# HDF5 needs a process for each file; the others take microseconds.
SHORT = {"checkpoint": 40, "hdf5": 40, "tensors": 200}
CORPUS = pathlib.Path(__file__).resolve().parent.parent / "corpus"
BUILD = ROOT / ".build-fuzz"
MOST_MEMORY = 512  # MB


def seeds(target, folder):
    """The seeds of a target: its corpus, and the fixtures of its format."""
    folder.mkdir(parents=True)
    fixtures = ROOT / "Fixtures"
    files = sorted((CORPUS / target).glob("*"))
    datasets = fixtures / "datasets"
    files += {"arrays": sorted([*datasets.glob("*.npz"), *datasets.glob("npy/*"),
                                *datasets.glob("idx-*/*images*"), *datasets.glob("emnist/*train*")]),
              "hdf5": sorted(datasets.glob("*.h5")),
              "svmlight": sorted((datasets / "svmlight").iterdir()),
              "picture": sorted((fixtures / "pictures" / "kinds").iterdir()),
              "npz": sorted((fixtures / "tensors").glob("*.npz")),
              "npy": sorted((datasets / "npy").glob("*.npy")),
              "safetensors": sorted((fixtures / "tensors").glob("*.safetensors")),
              "gguf": sorted((fixtures / "tensors" / "gguf").glob("*.gguf")),
              "onnx": sorted((fixtures / "tensors").glob("**/*.onnx")),
              "tensors": sorted([*datasets.glob("*.h5"), *(fixtures / "tensors").glob("kinds.*"),
                                 *(fixtures / "tensors" / "gguf").glob("*.gguf"),
                                 *(fixtures / "tensors" / "pytorch").glob("views*.pt")]),
              "architecture": sorted((fixtures / "networks").glob("*.json"))}.get(target, [])
    for file in files:
        (folder / file.name).write_bytes(file.read_bytes())
    if target == "pickle":
        for file in sorted((fixtures / "tensors" / "pytorch").glob("*.pt")):
            # zipfile reads no members without a checksum.
            if zipfile.is_zipfile(file) and file.stem != "unchecked":
                with zipfile.ZipFile(file) as archive:
                    name = next(name for name in archive.namelist() if name.endswith("/data.pkl"))
                    (folder / file.stem).write_bytes(archive.read(name))
    if target in ("user-block", "contents", "checkpoint"):
        finish([BIN / "campaign-fuzz", "seeds", target, folder,
                *sorted((fixtures / "checkpoints" / "v2").glob("*.h5"))])
    return sorted(folder.iterdir())


def run(full, scratch):
    count = Count()
    if full:
        program = instrumented()
        for target in CHOSEN:
            seeds(target, scratch / target / "corpus")
            fuzz(count, program, target, scratch / target)
        return count
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for target, result in zip(CHOSEN, pool.map(lambda name: mutated(name, scratch), CHOSEN)):
            record(count, target, result, scratch / target / "last")
    return count


def mutated(target, scratch):
    """Gives the ordinary build the corpus of a target and mutations of it."""
    files = seeds(target, scratch / target / "corpus")
    return finish([BIN / "campaign-fuzz", "run", target, SHORT.get(target, 3000), 1,
                   scratch / target / "last", *files])


def record(count, target, result, last):
    if result.returncode != 0:
        count.add(f"{target}: {told(result)}; input kept in {keep(last, target)}")
        return
    trials, milliseconds, kilobytes = map(int, result.stdout.split())
    count.trials += trials
    if milliseconds > 1000:
        count.add(f"{target}: an input took {milliseconds} ms", trials=0)
    if kilobytes > MOST_MEMORY << 10:
        count.add(f"{target}: {kilobytes >> 10} MB", trials=0)
    count.notes.append(f"{target}: {trials}, slowest {milliseconds} ms, {kilobytes >> 10} MB")


def instrumented():
    """The program with libFuzzer. It is built unless RSO_FUZZ_PROGRAM names one."""
    if "RSO_FUZZ_PROGRAM" in os.environ:
        return pathlib.Path(os.environ["RSO_FUZZ_PROGRAM"])
    command = ["swift", "build", "-c", "release", "--sanitize", "fuzzer", "--sanitize", "address",
               "--product", "campaign-fuzz", "--scratch-path", BUILD, "-Xswiftc", "-DFUZZING",
               # As two separate options, the second would disable coverage.
               "-Xswiftc", "-sanitize=fuzzer,address"]
    result = subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True,
                            text=True)
    if result.returncode != 0:
        text = (result.stdout + result.stderr)[-500:]
        raise CannotRun(f"no build with the sanitizers: {text}")
    program = BUILD / "release" / "campaign-fuzz"
    # The program looks for rso, which parses HDF5 files, in its own directory.
    (program.parent / "rso").unlink(missing_ok=True)
    (program.parent / "rso").symlink_to(BIN / "rso")
    return program


def fuzz(count, program, target, folder):
    """Runs libFuzzer for this many seconds of processor time, including its child processes."""
    found = folder / "found"
    found.mkdir()
    environment = {**ENVIRONMENT, "RSO_FUZZ_TARGET": target,
                   "ASAN_OPTIONS": "quarantine_size_mb=16:detect_leaks=0"}
    used, executions, most = 0.0, 0, 0
    while MINUTES * 60 - used > 1:
        command = [program, f"-max_total_time={max(1, int(MINUTES * 60 - used))}", "-timeout=10",
                   f"-rss_limit_mb={MOST_MEMORY}", "-report_slow_units=1", "-print_final_stats=1",
                   "-max_len=65536", f"-artifact_prefix={found}/", folder / "corpus"]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        result = subprocess.run([str(word) for word in command], env=environment,
                                stdin=subprocess.DEVNULL, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        text = result.stderr.decode(errors="replace")
        for line in text.splitlines():
            if line.startswith("stat::number_of_executed_units:"):
                executions += int(line.split()[-1])
            if line.startswith("stat::peak_rss_mb:"):
                most = max(most, int(line.split()[-1]))
        print(f"    {target}: {used:.0f} s of processor time", file=sys.stderr)
        artifacts = sorted(found.glob("*-*"))
        if result.returncode != 0 and not artifacts:
            count.add(f"{target}: {text[-500:]}", trials=0)
            break
        # An input that was only slow under the sanitizer does not end the campaign.
        if not all([judge(count, target, artifact) for artifact in artifacts]):
            break
    count.trials += executions
    minutes = f"{used / 60:.2f} minutes of processor time"
    count.notes.append(f"{target}: {executions} in {minutes}, {most} MB")


def judge(count, target, artifact):
    """A crash is a failure. An input that was slow under the sanitizer is given to the ordinary build,
    with a limit of one second of processor time. Returns true if it is no failure, and takes it away."""
    kept = keep(artifact, target)
    if artifact.name.startswith(("slow-unit-", "timeout-")):
        result = finish([BIN / "campaign-fuzz", "run", target, 0, 1, "/dev/null", artifact])
        if result.returncode == 0 and int(result.stdout.split()[1]) <= 1000:
            artifact.unlink()
            return True
    count.add(f"{target}: input kept in {kept}", trials=0)
    return False


def keep(file, target):
    kept = ROOT / ".build" / "campaign-findings" / target
    kept.mkdir(parents=True, exist_ok=True)
    (kept / file.name).write_bytes(file.read_bytes())
    return kept / file.name
