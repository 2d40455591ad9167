"""usage: read_events.py DIRECTORY

Prints, as JSON, what TensorBoard's page shows of each run below DIRECTORY: the steps and values of each tag, and the
settings. Where no step is superseded, `EventAccumulator` has the same steps.
"""
import io
import json
import os
import sys

from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import TENSORS, EventAccumulator
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from tensorboard.plugins.hparams import metadata
from tensorboard.util import tensor_util

ALL = {plugin: 0 for plugin in ("scalars", "histograms", "images", "hparams")}


def content(plugin, tensor):
    array = tensor_util.make_ndarray(tensor)
    if plugin == "scalars":
        assert array.shape == () and array.dtype == "float32", array
        return float(array)
    if plugin == "histograms":
        lower, upper, count = array.T
        assert (lower[1:] == upper[:-1]).all() and (lower < upper).all(), array
        return {"bins": len(count), "count": sum(count), "lower": lower[0], "upper": upper[-1]}
    if plugin == "images":
        width, height, png = array
        image = Image.open(io.BytesIO(png))
        image.load()
        assert image.size == (int(width), int(height)), (image.size, width, height)
        return {"width": image.width, "height": image.height, "colors": len(image.getcolors(1 << 20))}
    return None


def settings(data):
    info = metadata.parse_session_start_info_plugin_data(data)
    return {name: getattr(value, value.WhichOneof("kind")) for name, value in info.hparams.items()}


def steps(events):
    return [event.step for event in events]


def main():
    runs = EventMultiplexer(tensor_size_guidance=ALL).AddRunsFromDirectory(sys.argv[1]).Reload()
    found = {}
    for run in runs.Runs():
        plain = EventAccumulator(os.path.join(sys.argv[1], run), size_guidance={TENSORS: 0}).Reload()
        tags = {}
        about = {"tags": tags, "settings": None, "has_ended": False, "is_superseded": False}
        for tag in runs.Runs()[run][TENSORS]:
            data = runs.SummaryMetadata(run, tag).plugin_data
            events = runs.Tensors(run, tag)
            if tag == metadata.SESSION_START_INFO_TAG:
                about["settings"] = settings(data.content)
            elif tag == metadata.SESSION_END_INFO_TAG:
                about["has_ended"] = True
            else:
                about["is_superseded"] |= steps(plain.Tensors(tag)) != steps(events)
                tags[tag] = [
                    {"step": event.step, "time": event.wall_time,
                     "value": content(data.plugin_name, event.tensor_proto)}
                    for event in events]
        found[run] = about
    json.dump(found, sys.stdout)


main()
