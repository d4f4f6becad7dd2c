"""Seconds that torchvision's networks take on a batch, forward alone and a training step; one line of JSON a network.

    python3 peer_networks.py THREADS BATCH SIZE NETWORK...
"""

import json
import sys
import time

import torch
import torchvision

threads, batch, size = (int(word) for word in sys.argv[1:4])
torch.set_num_threads(threads)


def fastest(work, least=2.0):
    """The fastest of several calls, after one to warm up."""
    work()
    best, begun = float("inf"), time.perf_counter()
    while best == float("inf") or time.perf_counter() - begun < least:
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def forward(network, images):
    with torch.inference_mode():
        network(images)


def step(network, images, labels):
    network.zero_grad(set_to_none=True)
    torch.nn.functional.cross_entropy(network(images), labels).backward()


for name in sys.argv[4:]:
    found = {"name": name, "torch": torch.__version__}
    labels = torch.arange(batch) % 1000
    for layout in (torch.contiguous_format, torch.channels_last):  # Whichever is faster counts.
        network = getattr(torchvision.models, name)().to(memory_format=layout)
        images = torch.randn(batch, 3, size, size).to(memory_format=layout)
        network.eval()
        found["features"] = min(found.get("features", float("inf")), fastest(lambda: forward(network, images)))
        network.train()
        found["step"] = min(found.get("step", float("inf")), fastest(lambda: step(network, images, labels)))
    print(json.dumps(found), flush=True)
