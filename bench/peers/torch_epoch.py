"""PyTorch as a side of bench/epoch: the classifier of examples/sentiment.seq on the batches of a file, padded or packed.

    torch_epoch.py BATCHES.safetensors V THREADS padded|packed

Denormal numbers are flushed, the optimizer is fused where there is such. Works with any PyTorch from 1.13 on.
"""

import json
import pathlib
import resource
import sys
import time

import torch
import torch_models
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "test" / "EndToEnd"))
from safetensors_file import load


class Classifier(nn.Module):
    """That of test/Golden gives the outputs of all positions too, which takes longer."""

    def __init__(self, vocabulary, embedding=100, hidden=128):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.lstm = nn.LSTM(embedding, hidden, 2, bidirectional=True, batch_first=True, dropout=0.3)
        self.fc = nn.Linear(2 * hidden, 1)
        self.dropout = nn.Dropout(0.3)

    def forward(self, text, lengths):
        words = self.embedding(text)
        if lengths is not None:
            words = pack_padded_sequence(words, lengths, batch_first=True, enforce_sorted=False)
        _, (h, _) = self.lstm(words)
        return self.fc(self.dropout(torch.cat((h[-2], h[-1]), 1)))[:, 0]


def read(path):
    """The tensors of a file of safetensors, by name."""
    types = {"I64": torch.int64, "I32": torch.int32, "F32": torch.float32}
    return {name: torch.frombuffer(bytearray(data), dtype=types[kind]).reshape(shape) for name, (kind, shape, data) in load(path).items()}


def peak():
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main():
    path, vocabulary, threads, how = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.set_flush_denormal(True)
    tensors = read(path)
    count = sum(name.startswith("label.") for name in tensors)
    batches = []
    for i in range(count):
        text = tensors[f"text.{i}"].long()
        lengths = tensors.get(f"text.lengths.{i}", torch.full(text.shape[:1], text.shape[1]))
        batches.append((text, lengths.long(), tensors[f"label.{i}"]))
    del tensors
    before = peak()
    torch.manual_seed(0)
    model = Classifier(int(vocabulary)).train()
    optimizer = torch_models.adam(list(model.parameters()))
    print(json.dumps({"version": torch.__version__, "batches": count}), flush=True)
    for line in sys.stdin:
        _, begin, end = line.split()
        start = time.perf_counter()
        for text, lengths, label in batches[int(begin) : int(end)]:
            optimizer.zero_grad(set_to_none=True)
            logit = model(text, lengths if how == "packed" else None)
            loss = nn.functional.binary_cross_entropy_with_logits(logit, label)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5)
            optimizer.step()
        taken = 1e3 * (time.perf_counter() - start)
        print(json.dumps({"ms": taken, "loss": float(loss.detach()), "bytes": peak() - before}), flush=True)


main()
