"""Writes a point of bench/run as an ONNX model: torch_export.py FILE KEY=VALUE ... (see torch_models.py). Loops of custom cells
are unrolled, as their users get them."""

import pathlib
import sys
import warnings

import lines
import torch
import torch_models


class Flat(torch.nn.Module):
    """Inputs and results by place."""

    def __init__(self, made):
        super().__init__()
        self.made, self.module = made, made.module

    def forward(self, *tensors):
        if isinstance(self.made, torch_models.Layer):
            return self.made.pick(self.module(*tensors))
        results = self.module(dict(zip(self.made.inputs, tensors)), self.made.lengths, None)
        return tuple(results.values())


def main():
    file, *words = sys.argv[1:]
    made = torch_models.make(lines.words_of(" ".join(words)), scripted=False)
    inputs = (made.x,) if isinstance(made, torch_models.Layer) else tuple(made.inputs.values())
    warnings.filterwarnings("ignore")
    made.module.eval()
    partial = pathlib.Path(file + ".part")
    with torch.no_grad():
        torch.onnx.export(Flat(made), inputs, str(partial), opset_version=14)
    partial.rename(file)


if __name__ == "__main__":
    main()
