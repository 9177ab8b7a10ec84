"""A language model over padded texts, whose output layer has the embedding's weights."""

import torch
from torch import nn


class LanguageModel(nn.Module):
    def __init__(self, vocabulary=10000, width=256):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.lstm = nn.LSTM(width, width, 2, batch_first=True, dropout=0.5)
        self.fc = nn.Linear(width, vocabulary)
        self.fc.weight = self.embedding.weight
        self.dropout = nn.Dropout(0.5)

    def forward(self, text, lengths):
        read, _ = self.lstm(self.dropout(self.embedding(text)))
        alive = torch.arange(text.shape[1]) < lengths[:, None]
        return self.fc(self.dropout(read)) * alive[..., None]
