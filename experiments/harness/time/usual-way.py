"""The usual way to flatten a z-stack, to be compared with: every tile of every plane is decoded and scored by the 5x5 box blur (OpenCV,
two threads), the sharpest is pasted into one picture in memory, and libvips compresses that and its pyramid anew.

    python3 usual-way.py slide.ome.tiff out.tiff
"""

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import tifffile

cv2.setNumThreads(1)
slide, output = sys.argv[1:]
tiff = tifffile.TiffFile(slide)
pages = tiff.series[0].levels[0].pages
first = pages[0]
height, width, side = first.imagelength, first.imagewidth, first.tilelength
columns = -(-width // side)
tables = first.jpegtables


def stream(page, index):
    handle = open(slide, "rb")
    handle.seek(page.dataoffsets[index])
    tile = handle.read(page.databytecounts[index])
    handle.close()
    return tables[:-2] + tile[2:] if tables else tile


def decode(page, index):
    return cv2.imdecode(np.frombuffer(stream(page, index), np.uint8), cv2.IMREAD_COLOR)


def sharpness(picture):
    luma = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
    return float(np.abs(luma - cv2.blur(luma, (5, 5))).sum())


flat = np.empty((height, width, 3), np.uint8)


def flatten(index):
    pictures = [decode(page, index) for page in pages]
    best = max(pictures, key=sharpness)
    top, left = index // columns * side, index % columns * side
    part = flat[top : top + side, left : left + side]
    part[:] = best[: part.shape[0], : part.shape[1], ::-1]


with ThreadPoolExecutor(2) as pool:
    list(pool.map(flatten, range(len(first.dataoffsets))))

with tempfile.NamedTemporaryFile(suffix=".tif") as whole:
    tifffile.imwrite(whole.name, flat, photometric="rgb", bigtiff=True)
    tiles = ["--tile", "--tile-width", str(side), "--tile-height", str(side), "--pyramid", "--bigtiff"]
    subprocess.check_call(["vips", "tiffsave", whole.name, output, *tiles, "--compression", "jpeg", "--Q", "80"])
