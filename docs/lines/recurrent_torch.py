"""The library's cells in two layers and both directions, over padded sequences."""

from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class Stacked(nn.Module):
    def __init__(self, cell, inputs=3, hidden=5):
        super().__init__()
        self.rnn = cell(inputs, hidden, num_layers=2, bidirectional=True, batch_first=True)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        outputs, final = self.rnn(packed)
        outputs, _ = pad_packed_sequence(outputs, batch_first=True, total_length=x.shape[1])
        h = final[0] if isinstance(final, tuple) else final
        return outputs, h[-2], h[-1]


def stacked_rnn():
    return Stacked(nn.RNN)


def stacked_gru():
    return Stacked(nn.GRU)


def stacked_lstm():
    return Stacked(nn.LSTM)
