"""From one padded sequence to another, with teacher forcing: the encoder's final states begin the decoder."""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence


class EncoderDecoder(nn.Module):
    def __init__(self, inputs=5000, hidden=256, outputs=5000):
        super().__init__()
        self.encoder = nn.LSTM(inputs, hidden, batch_first=True)
        self.decoder = nn.LSTM(inputs, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, outputs)

    def forward(self, source, source_lengths, target, target_lengths):
        packed = pack_padded_sequence(source, source_lengths, batch_first=True, enforce_sorted=False)
        _, final = self.encoder(packed)
        outputs, _ = self.decoder(target, final)
        alive = torch.arange(target.shape[1]) < target_lengths[:, None]
        return self.fc(outputs) * alive[..., None]
