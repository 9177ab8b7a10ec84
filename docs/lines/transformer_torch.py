"""A small causal transformer over padded texts: at each word, the scores of the next one."""

import math

import torch
from torch import nn


class Transformer(nn.Module):
    def __init__(self, vocabulary=10000, heads=4, width=32, inner=512):
        super().__init__()
        self.size = heads * width
        self.embedding = nn.Embedding(vocabulary, self.size)
        layer = nn.TransformerEncoderLayer(self.size, heads, inner, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.dropout = nn.Dropout(0.1)
        self.fc = nn.Linear(self.size, vocabulary)

    def forward(self, text, lengths):
        places = torch.arange(text.shape[1])
        rates = torch.exp(torch.arange(0, self.size, 2) * (-math.log(10000) / self.size))
        angles = places[:, None] * rates
        waves = torch.stack((angles.sin(), angles.cos()), 2).flatten(1)
        words = self.dropout(self.embedding(text) * math.sqrt(self.size) + waves)
        alive = places < lengths[:, None]
        read = self.encoder(words, places > places[:, None], ~alive)
        return self.fc(read) * alive[..., None]
