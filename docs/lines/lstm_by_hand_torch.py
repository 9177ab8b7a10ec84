"""An LSTM from its equations, one linear layer over the joined input and state, over padded sequences."""

import torch
from torch import nn


class HandWritten(nn.Module):
    def __init__(self, inputs=3, hidden=5):
        super().__init__()
        self.hidden = hidden
        self.gates = nn.Linear(inputs + hidden, 4 * hidden)

    def step(self, x, h, c):
        i, f, g, o = self.gates(torch.cat((x, h), 1)).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c

    def forward(self, x, lengths):
        h = c = x.new_zeros(x.shape[0], self.hidden)
        outputs = []
        for t in range(x.shape[1]):
            alive = (t < lengths)[:, None]
            new_h, new_c = self.step(x[:, t], h, c)
            h, c = torch.where(alive, new_h, h), torch.where(alive, new_c, c)
            outputs.append(h * alive)
        return torch.stack(outputs, 1), h, c
