"""A plain recurrent network from its equation, over padded sequences."""

import torch
from torch import nn


class RNNFromEquation(nn.Module):
    def __init__(self, inputs=3, hidden=5):
        super().__init__()
        bound = hidden**-0.5
        self.W_x = nn.Parameter(torch.empty(hidden, inputs).uniform_(-bound, bound))
        self.W_h = nn.Parameter(torch.empty(hidden, hidden).uniform_(-bound, bound))
        self.b = nn.Parameter(torch.empty(hidden).uniform_(-bound, bound))

    def forward(self, x, lengths):
        h = x.new_zeros(x.shape[0], self.b.shape[0])
        outputs = []
        for t in range(x.shape[1]):
            alive = (t < lengths)[:, None]
            h = torch.where(alive, torch.tanh(x[:, t] @ self.W_x.T + h @ self.W_h.T + self.b), h)
            outputs.append(h * alive)
        return torch.stack(outputs, 1), h
