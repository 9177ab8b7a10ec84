"""Attention of a state over padded outputs of an encoder, by a small network of both."""

import torch
from torch import nn


class Attend(nn.Module):
    def __init__(self, hidden=5):
        super().__init__()
        self.inner = nn.Linear(2 * hidden, hidden)
        self.outer = nn.Linear(hidden, 1)

    def forward(self, query, memory, lengths):
        queries = query[:, None].expand_as(memory)
        scores = self.outer(torch.tanh(self.inner(torch.cat((queries, memory), 2))))[..., 0]
        alive = torch.arange(memory.shape[1]) < lengths[:, None]
        weights = torch.softmax(scores.masked_fill(~alive, -torch.inf), 1)
        return (weights[..., None] * memory).sum(1), weights
