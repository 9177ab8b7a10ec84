#!/usr/bin/python3
"""Trains time_series.seq on the monthly sunspot numbers, in PyTorch, and writes sunspots.safetensors beside this file.

    examples/sunspots/train.py          # Debian's python3-torch, python3-numpy, libopenblas0; a few minutes on one core

The last fifth of the months is held out: nothing here reads it but the last line, which reports the error on it. The
last tenth of the other months chooses the epoch; after that nothing is trained again.
"""

import copy
import json
import pathlib
import struct

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).resolve().parent
WINDOW, BATCH, EPOCHS = 264, 32, 50  # 264 months: two of the Sun's eleven-year cycles


class TimeSeriesRNN(torch.nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.lstm = torch.nn.LSTM(1, hidden, 2, batch_first=True)
        self.fc = torch.nn.Linear(hidden, 1)

    def forward(self, x):
        return self.fc(self.lstm(x)[0])


def write_safetensors(path, tensors):
    """An eight-byte length, a JSON header padded to eight bytes, the data in order."""
    header, data = {}, b""
    for name, tensor in tensors.items():
        raw = tensor.numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def rmse(model, z, first, std):
    """Of the forecasts of months `first` on, in sunspots, given all months before each."""
    with torch.no_grad():
        forecast = model(z[None, :-1, None])[0, :, 0]
    return float(((forecast - z[1:])[first - 1 :] ** 2).mean().sqrt()) * std


def main():
    torch.manual_seed(1)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    numbers = np.loadtxt(FOLDER / "monthly-sunspots.csv", delimiter=",", usecols=1, skiprows=3, dtype=np.float64)
    training = len(numbers) * 4 // 5
    chosen_on = training * 9 // 10
    mean, std = numbers[:training].mean(), numbers[:training].std()
    z = torch.from_numpy(((numbers - mean) / std).astype(np.float32))
    zero = -mean / std

    model = TimeSeriesRNN()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3, weight_decay=1e-5)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    best, weights = float("inf"), None
    for epoch in range(EPOCHS):
        for _ in range(chosen_on // WINDOW):
            starts = torch.randint(chosen_on - WINDOW, (BATCH,))
            months = torch.stack([z[s : s + WINDOW + 1] for s in starts])[..., None]
            # Cycles differ in height, and the next may be higher than any before: windows are stretched.
            months = (months - zero) * (0.5 + 1.5 * torch.rand(BATCH, 1, 1)) + zero
            # The first year of a window is read without being judged: the state begins at zero.
            loss = ((model(months[:, :-1]) - months[:, 1:])[:, 12:] ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        schedule.step()
        error = rmse(model, z[:training], chosen_on, std)
        if error < best:
            best, weights = error, copy.deepcopy(model.state_dict())
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1:3}: one-step RMSE {error:.2f} on months {chosen_on} to {training}", flush=True)

    model.load_state_dict(weights)
    write_safetensors(FOLDER / "sunspots.safetensors", weights)
    persistence = float(np.sqrt((np.diff(numbers)[training - 1 :] ** 2).mean()))
    print(f"held out (months {training} on): one-step RMSE {rmse(model, z, training, std):.2f}, persistence {persistence:.2f}")


if __name__ == "__main__":
    main()
