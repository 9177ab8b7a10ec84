"""Models of attention by heads, written in PyTorch; see models.py for how a model is called."""

import math

import torch
from torch import nn

import ragged
from models import Model


def absent(x, lengths):
    """bool[B, S]: the padding, as PyTorch asks for it; None where there is none."""
    return None if lengths is None else ~ragged.live(x[:, :, 0], lengths)


class Reads(Model):
    """The library's MultiHeadAttention, of a sequence over another."""

    def __init__(self, heads, width):
        super().__init__()
        self.inputs = {"query": ("T", heads * width), "memory": ("S", heads * width)}
        self.attention = nn.MultiheadAttention(heads * width, heads, batch_first=True)

    def forward(self, inputs, lengths, states):
        query, memory = inputs["query"], inputs["memory"]
        read, _ = self.attention(query, memory, memory, absent(memory, lengths["S"]))
        if lengths["S"] is not None:  # over nothing PyTorch gives no number
            read = ragged.chosen(lengths["S"] > 0, read, self.attention.out_proj(torch.zeros_like(read)))
        return {"output": ragged.padded(read, lengths["T"])}


class ReadsItself(Model):
    """The same of a sequence over itself, whose positions are learnt."""

    def __init__(self, heads, width, longest):
        super().__init__()
        self.inputs = {"x": ("T", heads * width)}
        self.place = nn.Embedding(longest, heads * width)
        self.attention = nn.MultiheadAttention(heads * width, heads, batch_first=True)

    def forward(self, inputs, lengths, states):
        x = inputs["x"] + self.place(torch.arange(inputs["x"].shape[1]))
        read, _ = self.attention(x, x, x, absent(x, lengths["T"]))
        return {"output": ragged.padded(read, lengths["T"])}


def waves(length, width):
    """The tutorials' positions, [T, E]."""
    place = torch.arange(length)[:, None]
    rates = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
    encoding = torch.zeros(length, width, dtype=torch.float32)
    encoding[:, 0::2] = torch.sin(place * rates)
    encoding[:, 1::2] = torch.cos(place * rates)
    return encoding


class Transformer(Model):
    """examples/transformer.seq"""

    def __init__(self, vocabulary, heads, width, feedforward):
        super().__init__()
        self.inputs = {"text": ("T", vocabulary, "token")}
        self.embedding = nn.Embedding(vocabulary, heads * width)
        layer = nn.TransformerEncoderLayer(heads * width, heads, feedforward, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.fc = nn.Linear(heads * width, vocabulary)

    def forward(self, inputs, lengths, states):
        words = self.embedding(inputs["text"])
        length, width = words.shape[1:]
        words = math.sqrt(width) * words + waves(length, width)
        later = torch.triu(torch.ones(length, length, dtype=torch.bool), 1)
        read = self.encoder(words, later, absent(words, lengths["T"]))
        return {"scores": ragged.padded(self.fc(read), lengths["T"])}
