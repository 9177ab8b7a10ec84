"""Whether a review is favourable, with GRU for LSTM: one logit for each text of a padded batch."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class SentimentGRU(nn.Module):
    def __init__(self, vocabulary=10000, embedding=100, hidden=128):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.gru = nn.GRU(embedding, hidden, num_layers=2, bidirectional=True, batch_first=True, dropout=0.3)
        self.dropout = nn.Dropout(0.3)
        self.fc = nn.Linear(2 * hidden, 1)

    def forward(self, text, lengths):
        words = pack_padded_sequence(self.embedding(text), lengths, batch_first=True, enforce_sorted=False)
        _, h = self.gru(words)
        return self.fc(self.dropout(torch.cat((h[-2], h[-1]), 1)))[:, 0]
