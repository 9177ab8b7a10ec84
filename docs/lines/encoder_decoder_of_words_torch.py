"""From one padded text to another, with teacher forcing one word late; a word is a vector with a one in its place."""

import torch
from torch import nn
from torch.nn.functional import one_hot, pad
from torch.nn.utils.rnn import pack_padded_sequence


class EncoderDecoderOfWords(nn.Module):
    def __init__(self, words=5000, hidden=256, outputs=5000):
        super().__init__()
        self.words = words
        self.encoder = nn.LSTM(words, hidden, batch_first=True)
        self.decoder = nn.LSTM(words, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, outputs)

    def forward(self, source, source_lengths, target, target_lengths):
        read = one_hot(source, self.words).float()
        packed = pack_padded_sequence(read, source_lengths, batch_first=True, enforce_sorted=False)
        _, final = self.encoder(packed)
        given = one_hot(pad(target[:, :-1], (1, 0)), self.words).float()
        outputs, _ = self.decoder(given, final)
        alive = torch.arange(target.shape[1]) < target_lengths[:, None]
        return self.fc(outputs) * alive[..., None]
