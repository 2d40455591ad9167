"""Writes docs/results/README.md from the tables beside it."""
import csv
import json
import statistics

# Test accuracies whose time is reported if a run reached them.
MARKS = (0.98, 0.99)

HEAD = """# Results

The results of the paper's experiments (Tripathi and Singh, arXiv 2005.05955) with rso. The paper
trains for 50 cycles on MNIST, with minibatches of 5,000 samples, and for 500 cycles on CIFAR-10. Its
figures stand beside ours. Scaled forms compute so much less that their figures can be compared only
with each other, not with the paper's.

`Experiments/run` writes this page from the tables beside it ([Experiments](../../Experiments)); no
figure is typed by hand. Accuracies are those on the 10,000 test images after the last cycle: the mean
over the seeds, and the standard deviation of one run.
"""


def write(directory, experiments):
    published = {}
    with (experiments / "published.csv").open() as file:
        for row in csv.DictReader(file):
            published[row["experiment"], row["cell"]] = row
    parts = [HEAD]
    others = [path for path in sorted(directory.glob("*.md")) if path.name != "README.md"]
    if others:
        parts.append("Other pages:\n\n" + "".join(f"- [{heading(path)}]({path.name})\n" for path in others))
    done, elsewhere = set(), set()
    for about in sorted(directory.glob("*.json")):
        if about.with_suffix(".svg").exists():
            content = json.loads(about.read_text())
            (elsewhere if "data" in content else done).add(content["experiment"])
            parts.append(section(about, content, published))
    parts += [descent(path) for path in sorted(directory.glob("sgd-*.json"))]
    missing = sorted(path.stem for path in experiments.glob("*.json") if path.stem not in done)
    if missing:
        parts.append("## Not run yet\n\n" + ", ".join(
            f"`{name}`" + (" (on its own data)" if name in elsewhere else "") for name in missing) + "\n")
    (directory / "README.md").write_text("\n".join(parts))


def mark(accuracy):
    """The column with the seconds that a run took to reach an accuracy."""
    return f"seconds_to_{accuracy}"


def heading(path):
    return path.read_text().split("\n", 1)[0].lstrip("# ") or path.stem


def percent(share):
    return f"{100 * share:.2f} %"


def mean_and_spread(accuracies):
    if not accuracies:
        return "–"
    spread = f" ± {100 * statistics.stdev(accuracies):.2f}" if len(accuracies) > 1 else ""
    return percent(statistics.mean(accuracies)) + spread


def duration(seconds):
    return f"{seconds:.0f} s" if seconds < 600 else f"{seconds / 60:.0f} min"


def section(about, content, published):
    with about.with_suffix(".csv").open() as file:
        rows = list(csv.DictReader(file))
    average = content.get("average")
    cells = list(dict.fromkeys(row["cell"] for row in rows))
    lines = []
    marks = [accuracy for accuracy in MARKS if any(row.get(mark(accuracy)) for row in rows)]
    for cell in cells:
        runs = [row for row in rows if row["cell"] == cell]
        done = [row for row in runs if row["finished"] == "true"]
        paper = published.get((content["experiment"], cell), {"figure": "–"})
        ours = steps = time = "not begun"
        if not done:
            # Report the runs under way, with the number of their cycles.
            done = [row for row in runs if int(row["cycles"] or 0) > 0]
        if done:
            ours = mean_and_spread([float(row["test_accuracy"]) for row in done])
            if any(row["finished"] != "true" for row in done):
                cycles = " ".join(row["cycles"] for row in done)
                planned = done[0].get("--cycles")
                ours += f" after {cycles}{f' of {planned}' if planned else ''} cycles"
            steps = f"{statistics.mean(int(row['updates']) for row in done):,.0f}"
            time = duration(statistics.median(float(row["seconds"]) for row in done))
        seeds = " ".join(row["seed"] for row in done)
        fields = [cell, paper["figure"], ours]
        if average:
            fields.append(mean_and_spread(
                [float(row["average_test_accuracy"]) for row in done if row["average_test_accuracy"]]))
        fields += [seeds, steps, time]
        for accuracy in marks:
            took = [float(row[mark(accuracy)]) for row in done if row[mark(accuracy)]]
            fields.append(
                f"{duration(statistics.median(took))} ({len(took)} of {len(done)})" if took else "–")
        lines.append(f"| {' | '.join(fields)} |")
    options = sorted(
        {f"`{name} {value}`" for row in rows for name, value in row.items()
         if name.startswith("--") and value and len({r[name] for r in rows}) == 1})
    table = "\n".join(lines)
    stem = about.stem
    mean = f" the last {average} cycles' mean |" if average else ""
    ways = "".join(f" to {100 * accuracy:.0f} % |" for accuracy in marks)
    rules = "---|" * (len(marks) + bool(average))
    data = content.get("data")
    title = content["about"].removesuffix(".") + (f"; on {data}" if data else "")
    note = f"Trained and tested on {data}, not on the experiment's own data set.\n" if data else ""
    return f"""## {title}

`{content["experiment"]}.json`, {content["form"]} form: {content["scale"]}
{note}\
Common options: {", ".join(options)}.

| cell | paper | test accuracy |{mean} seeds | steps | time a run |{ways}
|---|---|---|---|---|---|{rules}
{table}

[Every run]({stem}.csv). `{content["command"]}`, commit {content["commit"]}, {content["date"]};
{content["machine"]}, load average at the end {content["load"]}. Times are wall-clock
times including pauses, the median of the runs.

![{content["experiment"]}: accuracy and loss over cycles and weight updates]({stem}.svg)
"""


def descent(path):
    content = json.loads(path.read_text())
    options = content["options"]
    parameters = content["epochs"][0]["updates"] // content["epochs"][0]["steps"]
    lines = "\n".join(
        f"| {row['epoch']} | {row['steps']:,} | {row['updates']:,} | {row['training_loss']:.4f} | "
        f"{row['test_loss']:.4f} | {percent(row['test_accuracy'])} | {duration(row['seconds'])} |"
        for row in content["epochs"])
    return f"""## Gradient descent in PyTorch: `{content["network"]}`

For Table 1 (the paper: 99.27 % for SGD) and Figure 3. The network, with {parameters:,} parameters, is
read from rso. Before training, it gives rso's logits with rso's weights, to within
{content["difference_from_rso"]:.1e}. SGD has momentum {options["momentum"]}, learning rate
{options["learning_rate"]} falling to 0 along half a cosine, minibatches of {options["batch_size"]},
weight decay {options["weight_decay"]}, seed {options["seed"]}. An update changes one weight, so a step
of SGD counts as {parameters:,} updates, as many as a cycle of rso.

| epoch | steps (updates per weight) | updates | loss | test loss | test accuracy | time |
|---|---|---|---|---|---|---|
{lines}

`make sgd` (`Benchmarks/sgd.py`), commit {content["commit"]}; PyTorch {content["pytorch"]}, {content["processor"]},
{options["threads"]} threads; times are wall-clock times including pauses. [JSON]({path.name}).
"""
