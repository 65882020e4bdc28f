"""Appends batches to a file, each synced before the next: what the disk by itself can do. Prints batches a second."""

import os
import sys
import time

path, size, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
batch = os.urandom(size)
file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
count, began = 0, time.monotonic()
while time.monotonic() < began + seconds:
    os.write(file, batch)
    os.fdatasync(file)
    count += 1
print(count / (time.monotonic() - began))
os.close(file)
os.unlink(path)
