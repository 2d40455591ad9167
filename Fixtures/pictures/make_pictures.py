"""Makes the pictures of this folder with Pillow, and what Pillow reads from them.

usage: make_pictures.py FOLDER

Needs numpy and Pillow (made with 2.4 and 13.0). `kinds` has one picture of each kind, all of 20 x 24 pixels; `pixels.bin` has
their red, green and blue planes, in the order of the file names.
"""
import pathlib
import sys

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 20, 24


def main(folder):
    kinds = folder / "kinds"
    kinds.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(1).integers(0, 256, (HEIGHT // 4, WIDTH // 4, 4))
    base = np.kron(noise, np.ones((4, 4, 1))).astype(np.uint8)
    color = Image.fromarray(base[..., :3])
    deep = Image.fromarray(base[..., 0].astype(np.uint16) * 257 + 13)
    color.save(kinds / "01-color.png")
    Image.fromarray(base).save(kinds / "02-color-alpha.png")
    color.convert("L").save(kinds / "03-grey.png")
    color.convert("LA").save(kinds / "04-grey-alpha.png")
    color.quantize(17).save(kinds / "05-palette.png")
    color.quantize(4).save(kinds / "06-palette-alpha.png", transparency=1)
    color.convert("1").save(kinds / "07-one-bit.png")
    deep.save(kinds / "08-sixteen-bits.png")
    color.save(kinds / "09-full.jpg", quality=95, subsampling=0)
    color.save(kinds / "10-half.jpg", quality=70, subsampling=1)
    color.save(kinds / "11-quarter.jpeg", quality=50, subsampling=2)
    color.convert("L").save(kinds / "12-grey.JPG")
    color.save(kinds / "13-progressive.jpg", progressive=True)
    planes = []
    for file in sorted(kinds.iterdir()):
        picture = Image.open(file)
        if picture.mode.startswith("I"):  # 16 bits: the upper 8
            pixels = np.stack([np.asarray(picture).astype(np.uint32) >> 8] * 3, -1)
        else:
            pixels = np.asarray(picture.convert("RGB"))
        planes.append(pixels.astype(np.uint8).transpose(2, 0, 1))
    (folder / "pixels.bin").write_bytes(np.stack(planes).tobytes())
    # Pictures that are refused.
    color.convert("CMYK").save(folder / "cmyk.jpg")
    color.crop((0, 0, WIDTH - 1, HEIGHT)).save(folder / "narrow.png")


main(pathlib.Path(sys.argv[1]))
