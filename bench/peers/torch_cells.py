"""The cells of bench/models/cells.seq as users of PyTorch write them: one step as a function, a loop over the steps, scripted."""

from typing import List, Tuple

import torch
from torch import nn


class Cell(nn.Module):
    """States are pairs; a cell with one state ignores the other."""

    def __init__(self, inputs, hidden, gates):
        super().__init__()
        self.hidden: int = hidden
        self.wide = nn.Linear(inputs, gates * hidden)
        self.deep = nn.Linear(hidden, gates * hidden, bias=False)


class LayerNormLSTM(Cell):
    def __init__(self, inputs, hidden):
        super().__init__(inputs, hidden, 4)
        self.wide_norm, self.deep_norm = nn.LayerNorm(4 * hidden), nn.LayerNorm(4 * hidden)
        self.cell_norm = nn.LayerNorm(hidden)

    def forward(self, x: torch.Tensor, h: torch.Tensor, c: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
        i, f, g, o = (self.wide_norm(self.wide(x)) + self.deep_norm(self.deep(h))).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(self.cell_norm(c)), c


class PeepholeLSTM(Cell):
    def __init__(self, inputs, hidden):
        super().__init__(inputs, hidden, 4)
        self.peep_i, self.peep_f, self.peep_o = (nn.Parameter(torch.rand(hidden)) for _ in range(3))

    def forward(self, x: torch.Tensor, h: torch.Tensor, c: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
        i, f, g, o = (self.wide(x) + self.deep(h)).chunk(4, 1)
        new = torch.sigmoid(f + self.peep_f * c) * c + torch.sigmoid(i + self.peep_i * c) * torch.tanh(g)
        return torch.sigmoid(o + self.peep_o * new) * torch.tanh(new), new


class CoupledLSTM(Cell):
    def __init__(self, inputs, hidden):
        super().__init__(inputs, hidden, 3)

    def forward(self, x: torch.Tensor, h: torch.Tensor, c: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
        f, g, o = (self.wide(x) + self.deep(h)).chunk(3, 1)
        keep = torch.sigmoid(f)
        c = keep * c + (1 - keep) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c


class MinimalGatedUnit(Cell):
    def __init__(self, inputs, hidden):
        super().__init__(inputs, hidden, 1)
        self.candidate_wide = nn.Linear(inputs, hidden)
        self.candidate_deep = nn.Linear(hidden, hidden, bias=False)

    def forward(self, x: torch.Tensor, h: torch.Tensor, c: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
        f = torch.sigmoid(self.wide(x) + self.deep(h))
        new = torch.tanh(self.candidate_wide(x) + self.candidate_deep(f * h))
        return (1 - f) * h + f * new, c


class Loop(nn.Module):
    """[T, B, I] to [T, B, H]."""

    def __init__(self, cell):
        super().__init__()
        self.cell = cell
        self.hidden: int = cell.hidden

    def forward(self, x):
        h = torch.zeros(x.size(1), self.hidden)
        c = torch.zeros(x.size(1), self.hidden)
        steps = x.unbind(0)
        outputs: List[torch.Tensor] = []
        for t in range(len(steps)):
            h, c = self.cell(steps[t], h, c)
            outputs += [h]
        return torch.stack(outputs)


CELLS = {f"{cell.__name__}Layer": cell for cell in (LayerNormLSTM, PeepholeLSTM, CoupledLSTM, MinimalGatedUnit)}
