"""Whether a review is favourable, by attention over a padded batch: one logit for each text, and how much each word counted."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class SentimentAttention(nn.Module):
    def __init__(self, vocabulary=10000, embedding=100, hidden=128):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.lstm = nn.LSTM(embedding, hidden, num_layers=2, bidirectional=True, batch_first=True, dropout=0.3)
        self.attention = nn.Linear(2 * hidden, 1)
        self.dropout = nn.Dropout(0.3)
        self.fc = nn.Linear(2 * hidden, 1)

    def forward(self, text, lengths):
        words = pack_padded_sequence(self.embedding(text), lengths, batch_first=True, enforce_sorted=False)
        outputs, _ = self.lstm(words)
        outputs, _ = pad_packed_sequence(outputs, batch_first=True, total_length=text.shape[1])
        alive = torch.arange(text.shape[1]) < lengths[:, None]
        scores = self.attention(outputs)[..., 0].masked_fill(~alive, -torch.inf)
        weights = torch.softmax(scores, 1)
        context = (weights[..., None] * outputs).sum(1)
        return self.fc(self.dropout(context))[:, 0], weights
